/** Envoy Gateway's hooks: decode, plan, rewrite, answer. Imports model, plan and xds; pure, without gRPC. */
@NullMarked
package dev.pointsman.hook;

import org.jspecify.annotations.NullMarked;
