/** The xDS resources: one file per Envoy idea, each a pure function from message to message. Imports model and plan. */
@NullMarked
package dev.pointsman.xds;

import org.jspecify.annotations.NullMarked;
