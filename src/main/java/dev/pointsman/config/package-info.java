/**
 * Settings, read once and checked together.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.config;

import org.jspecify.annotations.NullMarked;
