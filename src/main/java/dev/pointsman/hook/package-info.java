/**
 * Envoy Gateway's protocol: its Route, Endpoints and Translation hooks, and the state of a connection between them. Pure,
 * without gRPC.
 */
@NullMarked
package dev.pointsman.hook;

import org.jspecify.annotations.NullMarked;
