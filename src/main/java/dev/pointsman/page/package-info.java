/**
 * The contents of the page for people, as records: pools with their pods, the changes of a translation, xDS without
 * secrets. Pure. Imports model, explain and xds.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.page;

import org.jspecify.annotations.NullMarked;
