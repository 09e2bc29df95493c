package dev.pointsman.rig;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The framing of HTTP/1.1: lines, bodies of a known length, chunks. */
final class Http1Bodies {
  private static final int LONGEST_LINE = 64 << 10;

  private Http1Bodies() {}

  /** A line without its end; empty at the end of the stream too. */
  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (line.length() == LONGEST_LINE) {
        throw new EOFException("a line longer than " + LONGEST_LINE);
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /** A body of a known length. */
  static final class FixedInput extends InputStream {
    private final InputStream in;
    private long left;

    FixedInput(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(buffer, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("the body ended " + left + " bytes early");
      }
      left -= count;
      return count;
    }
  }

  /** A body in chunks. */
  static final class ChunkedInput extends InputStream {
    private final InputStream in;
    private final Map<String, String> trailers = new TreeMap<>();
    private long left;
    private boolean ended;

    ChunkedInput(InputStream in) {
      this.in = in;
    }

    /** The trailers, once the body has been read; names in lower case. */
    Map<String, String> trailers() {
      return trailers;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (!ended && left == 0) {
        openChunk();
      }
      if (ended) {
        return -1;
      }
      int count = in.read(buffer, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("the body ended inside a chunk");
      }
      left -= count;
      if (left == 0) {
        line(in); // the chunk's own line end
      }
      return count;
    }

    private void openChunk() throws IOException {
      String size = line(in);
      if (size.isEmpty()) {
        throw new EOFException("the body ended between chunks");
      }
      left = Long.parseLong(size.split(";", 2)[0].strip(), 16);
      if (left == 0) {
        ended = true;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
          int colon = line.indexOf(':');
          trailers.put(
              line.substring(0, colon).toLowerCase(Locale.ROOT),
              line.substring(colon + 1).strip());
        }
      }
    }
  }

  /** Writes chunks. */
  static final class ChunkedOutput extends OutputStream {
    private final OutputStream out;
    private final Map<String, String> trailers;

    ChunkedOutput(OutputStream out, Map<String, String> trailers) {
      this.out = out;
      this.trailers = trailers;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      if (length > 0) {
        out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(buffer, offset, length);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
    }

    @Override
    public void close() throws IOException {
      StringBuilder end = new StringBuilder("0\r\n");
      trailers.forEach((name, value) -> end.append(name + ": " + value + "\r\n"));
      out.write(end.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
  }
}
