/** Settings, read once and checked together. */
@NullMarked
package dev.pointsman.config;

import org.jspecify.annotations.NullMarked;
