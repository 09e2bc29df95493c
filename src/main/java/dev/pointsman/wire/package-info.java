/**
 * Serialized protobuf messages, read and assembled without decoding them: resources that need no change are returned
 * byte for byte, including fields that are unknown to this build.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.wire;

import org.jspecify.annotations.NullMarked;
