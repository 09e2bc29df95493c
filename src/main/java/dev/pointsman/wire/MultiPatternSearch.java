package dev.pointsman.wire;

import com.google.common.collect.ObjectArrays;
import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Searches serialized messages for one of a few ASCII texts, ignoring case. It samples every n-th triple of bytes, with
 * n small enough that each occurrence of a text contains a sample. On a hit the message has to be decoded. Without a
 * hit it contains none of the texts.
 */
public final class MultiPatternSearch {
  /** The length of the shortest text that can be searched for. */
  public static final int SHORTEST = 3;

  private static final int SAMPLE = SHORTEST;
  private static final int LETTER_BITS = 5;
  private static final int LETTER = (1 << LETTER_BITS) - 1; // in ASCII, not its case
  private static final int SHIFT = 3;

  /** The distance between samples: each occurrence of a text has a sample near its beginning. */
  private final int stride;
  /** The candidate texts by sample; the candidate with the earliest beginning is first. */
  private final Candidate[][] candidates = new Candidate[1 << 2 * SHIFT + LETTER_BITS][0];

  /** A text and the offset of a sample in it. */
  private record Candidate(byte[] text, int offset) {}

  /**
   * A search for ASCII texts.
   *
   * @param texts each of at least {@link #SHORTEST} letters
   * @throws IllegalArgumentException if one is shorter: no sample fits into it
   */
  public MultiPatternSearch(String... texts) {
    stride = Arrays.stream(texts).mapToInt(String::length).min().orElseThrow() - SAMPLE + 1;
    if (stride < 1) {
      throw new IllegalArgumentException(
          "a text is shorter than " + SHORTEST + " letters: " + Arrays.toString(texts));
    }
    for (int offset = stride - 1; offset >= 0; offset--) {
      for (String text : texts) {
        byte[] bytes = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        candidates[sample(bytes, offset)] =
            ObjectArrays.concat(candidates[sample(bytes, offset)], new Candidate(bytes, offset));
      }
    }
  }

  /** A case-insensitive hash of the three bytes at the index. */
  private static int sample(byte[] bytes, int at) {
    return (bytes[at] & LETTER) << 2 * SHIFT
        ^ (bytes[at + 1] & LETTER) << SHIFT
        ^ bytes[at + 2] & LETTER;
  }

  /** Whether the bytes contain one of the texts. */
  public boolean in(ByteString bytes) {
    return first(bytes) >= 0;
  }

  /** The index of the first text in the bytes; -1 when there is none. */
  public int first(ByteString bytes) {
    Scan scan = new Scan();
    try {
      // Gives access to the backing array without a copy; the scan only reads it.
      UnsafeByteOperations.unsafeWriteTo(bytes, scan);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return scan.chunks == 1 ? scan.found : find(bytes.toByteArray(), 0, bytes.size());
  }

  private int find(byte[] bytes, int from, int length) {
    int end = from + length;
    for (int at = from; at + SAMPLE <= end; at += stride) {
      for (Candidate candidate : candidates[sample(bytes, at)]) {
        int start = at - candidate.offset;
        if (start >= from
            && start + candidate.text.length <= end
            && isAt(candidate.text, bytes, start)) {
          return start - from;
        }
      }
    }
    return -1;
  }

  private static boolean isAt(byte[] text, byte[] bytes, int at) {
    int i = text.length - 1;
    while (i >= 0 && lower(bytes[at + i]) == text[i]) {
      i--;
    }
    return i < 0;
  }

  private static byte lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
  }

  private final class Scan extends ByteOutput {
    private int chunks;
    private int found;

    @Override
    public void write(byte value) {
      chunks += 2; // not a single array: search a copy
    }

    @Override
    public void write(byte[] value, int offset, int length) {
      chunks++;
      found = find(value, offset, length);
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
      write(value, offset, length);
    }

    @Override
    public void write(ByteBuffer value) {
      chunks += 2;
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      chunks += 2;
    }
  }
}
