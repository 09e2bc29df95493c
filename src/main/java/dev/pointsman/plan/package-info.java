/**
 * Decisions: a rule's pools and weights become a plan or a diagnostic. Imports model only.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.plan;

import org.jspecify.annotations.NullMarked;
