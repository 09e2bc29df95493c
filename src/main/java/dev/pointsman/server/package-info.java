/** Edge: the gRPC servers, health and lifecycle. Imports hook and eds. */
@NullMarked
package dev.pointsman.server;

import org.jspecify.annotations.NullMarked;
