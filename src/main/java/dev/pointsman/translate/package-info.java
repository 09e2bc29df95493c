/**
 * The meaning of a translation: from the resources of Envoy Gateway to those with pools. {@link Translation} has the steps.
 * Pure, and the same whatever may be reused from the translation before.
 */
@NullMarked
package dev.pointsman.translate;

import org.jspecify.annotations.NullMarked;
