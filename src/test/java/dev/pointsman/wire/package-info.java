/** Our messages against the protocol that Envoy Gateway really speaks. */
@NullMarked
package dev.pointsman.wire;

import org.jspecify.annotations.NullMarked;
