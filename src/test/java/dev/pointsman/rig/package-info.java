/**
 * Real parts for tests and for {@code hack/demo.sh}: stand-ins for what needs a GPU (model servers, endpoint pickers),
 * and what starts and stops them together with Envoy Gateway and Pointsman. Uses only what the product's runtime has.
 */
@NullMarked
package dev.pointsman.rig;

import org.jspecify.annotations.NullMarked;
