/**
 * Envoy Gateway's protocol: its Route, Endpoints and Translation hooks, and the state of a connection between them. Pure,
 * without gRPC.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.hook;

import org.jspecify.annotations.NullMarked;
