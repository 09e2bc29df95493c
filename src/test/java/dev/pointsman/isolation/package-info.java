/** Attacks of one tenant of a gateway on another, tried on real Envoys. */
@NullMarked
package dev.pointsman.isolation;

import org.jspecify.annotations.NullMarked;
