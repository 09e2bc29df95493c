/** Golden tests: recorded translations of real Envoy Gateways, and what must hold for each of them. */
@NullMarked
package dev.pointsman.golden;

import org.jspecify.annotations.NullMarked;
