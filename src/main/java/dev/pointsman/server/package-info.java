/**
 * Edge: the gRPC servers, health and lifecycle. Imports hook and eds.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.server;

import org.jspecify.annotations.NullMarked;
