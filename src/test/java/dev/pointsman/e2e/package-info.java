/** The whole thing on real parts: what a client of the gateway sees. Needs Envoy and Envoy Gateway, and never skips. */
@NullMarked
package dev.pointsman.e2e;

import org.jspecify.annotations.NullMarked;
