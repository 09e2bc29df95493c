package dev.pointsman.config;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Converts older encodings of private keys to PKCS #8 (RFC 5208), the only one that the JDK supports. Both are in use:
 * cert-manager and Helm write PKCS #1, openssl writes SEC 1.
 */
final class Pkcs8 {
  private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");
  private static final byte[] RSA_ENCRYPTION_NULL =
      HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");

  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xa0;

  private Pkcs8() {}

  /** An RSAPrivateKey (RFC 8017, A.1.2). */
  static byte[] ofPkcs1(byte[] key) {
    return tlv(SEQUENCE, VERSION_0, RSA_ENCRYPTION_NULL, tlv(OCTET_STRING, key));
  }

  /** An ECPrivateKey (RFC 5915); empty when it names no curve. */
  static Optional<byte[]> ofSec1(byte[] key) {
    try {
      Der fields = new Der(new Der(key).take(SEQUENCE));
      fields.take(INTEGER);
      fields.take(OCTET_STRING);
      byte[] curve = new Der(fields.take(PARAMETERS)).take(OBJECT_IDENTIFIER);
      byte[] algorithm = tlv(SEQUENCE, EC_PUBLIC_KEY, tlv(OBJECT_IDENTIFIER, curve));
      return Optional.of(tlv(SEQUENCE, VERSION_0, algorithm, tlv(OCTET_STRING, key)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static byte[] tlv(int tag, byte[]... contents) {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    for (byte[] content : contents) {
      value.writeBytes(content);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = value.size();
    if (length < 0x80) {
      out.write(length);
    } else {
      out.write(0x82); // two bytes are enough for any key
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(value.toByteArray());
    return out.toByteArray();
  }

  /** Reads DER elements in sequence. */
  private static final class Der {
    private final byte[] bytes;
    private int at;

    Der(byte[] bytes) {
      this.bytes = bytes;
    }

    /** The content of the next element, which must have this tag. */
    byte[] take(int tag) {
      if ((bytes[at++] & 0xff) != tag) {
        throw new IllegalArgumentException("not tag " + tag);
      }
      int length = bytes[at++] & 0xff;
      if (length >= 0x80) {
        int lengthBytes = length - 0x80;
        if (lengthBytes > 2) {
          throw new IllegalArgumentException("longer than any key");
        }
        length = 0;
        for (int i = 0; i < lengthBytes; i++) {
          length = length << 8 | bytes[at++] & 0xff;
        }
      }
      if (length > bytes.length - at) {
        throw new IllegalArgumentException("cut off");
      }
      byte[] content = Arrays.copyOfRange(bytes, at, at + length);
      at += length;
      return content;
    }
  }
}
