/**
 * Random situations, played with Pointsman and on the stock gateway, and compared: a difference that no list explains is
 * a fault. Drawing, rendering and comparing are pure; {@code Stage}, {@code Client}, {@code Pods} and their like touch
 * the world.
 */
@NullMarked
package dev.pointsman.differential;

import org.jspecify.annotations.NullMarked;
