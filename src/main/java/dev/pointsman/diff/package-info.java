/**
 * The changes between two states in words: of the models' traffic, of objects, of resources. Pure. Imports explain, extension,
 * kube, model and xds.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.diff;

import org.jspecify.annotations.NullMarked;
