package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Bodies that two readers of JSON may read in two ways, and bodies that cost a reader much. */
final class HostileBodies {
  private static final String A = TwoTenantsEnvoy.EVIL;
  private static final String B = TwoTenantsEnvoy.GOOD;
  private static final String PAD = "\"pad\":\"" + "text ".repeat(3_000) + "\",";

  /** Reads a body as model servers in Python do: json.loads of its bytes, in any Unicode encoding. */
  private static final String READER = """
      import base64, json, sys
      for line in sys.stdin:
          try:
              model = json.loads(base64.b64decode(line)).get("model")
              print(model if isinstance(model, str) else "-")
          except Exception:
              print("-")
      """;

  private HostileBodies() {}

  /** The bodies by their descriptions. */
  static Map<String, byte[]> all() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (String pad : List.of("", PAD)) {
      String size = pad.isEmpty() ? "short, " : "long, ";
      text(all, size + "two models", "{" + pad + pair(B) + "," + pair(A) + "}");
      text(all, size + "two models, reversed", "{" + pair(A) + "," + pad + pair(B) + "}");
      text(
          all,
          size + "the second key escaped",
          "{" + pad + pair(B) + ",\"mod\\u0065l\":\"" + A + "\"}");
      text(all, size + "the second model null", "{" + pad + pair(B) + ",\"model\":null}");
      text(
          all,
          size + "the second model a list",
          "{" + pad + pair(B) + ",\"model\":[\"" + A + "\"]}");
      text(all, size + "a nested model first", "{\"x\":{" + pair(B) + "}," + pad + pair(A) + "}");
      text(all, size + "a nested model last", "{" + pad + pair(A) + ",\"x\":{" + pair(B) + "}}");
      text(
          all,
          size + "a model in a text",
          "{" + pad + "\"x\":\"\\\",\\\"model\\\":\\\"" + B + "\\\"\"," + pair(A) + "}");
      text(all, size + "an escaped name", "{" + pad + "\"model\":\"qw\\u0065n\"}");
      text(all, size + "garbage behind", "{" + pad + pair(A) + "} {" + pair(B) + "}");
      text(all, size + "a comment", "{" + pad + "/*" + pair(B) + ",*/" + pair(A) + "}");
      text(all, size + "NaN", "{" + pad + "\"x\":NaN," + pair(A) + "}");
      text(all, size + "control character", "{" + pad + "\"x\":\"a\nb\"," + pair(A) + "}");
      text(all, size + "half a surrogate pair", "{" + pad + "\"x\":\"\\ud800\"," + pair(A) + "}");
      text(all, size + "large number", "{" + pad + "\"x\":1e999," + pair(A) + "}");
      for (Charset charset : List.of(UTF_16LE, UTF_16BE, Charset.forName("UTF-32"))) {
        all.put(size + charset, ("{" + pad + pair(B) + "}").getBytes(charset));
        all.put(
            size + charset + " with a mark", ("\ufeff{" + pad + pair(B) + "}").getBytes(charset));
      }
      text(all, size + "UTF-8 with a mark", "\ufeff{" + pad + pair(A) + "}");
      all.put(size + "not Unicode", latin("{" + pad + "\"x\":\"\u00ff\"," + pair(A) + "}"));
    }
    text(all, "100,000 open lists", "{" + pair(A) + ",\"x\":" + "[".repeat(100_000));
    text(
        all,
        "100,000 lists",
        "{" + pair(A) + ",\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
    text(all, "100,000 keys", "{" + "\"k\":1,".repeat(100_000) + pair(A) + "}");
    text(all, "100,000 models", "{" + (pair(B) + ",").repeat(100_000) + pair(A) + "}");
    text(all, "a name of 1 MB", "{\"model\":\"" + A.repeat(200_000) + "\"}");
    text(all, "a number of 1 MB", "{\"x\":" + "9".repeat(1_000_000) + "," + pair(A) + "}");
    return all;
  }

  private static String pair(String model) {
    return "\"model\":\"" + model + "\"";
  }

  private static void text(Map<String, byte[]> all, String description, String body) {
    all.put(description, body.getBytes(UTF_8));
  }

  private static byte[] latin(String body) {
    return body.getBytes(ISO_8859_1);
  }

  /** The models that Python reads in the bodies, in their order; {@code -} for none. */
  static List<String> readByPython(Iterable<byte[]> bodies) throws InterruptedException {
    try {
      Process python = new ProcessBuilder("python3", "-c", READER).start();
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      for (byte[] body : bodies) {
        lines.writeBytes(Base64.getEncoder().encode(body));
        lines.write('\n');
      }
      Thread.ofVirtual().start(() -> {
        try (var in = python.getOutputStream()) {
          lines.writeTo(in);
        } catch (IOException ended) {
          throw new UncheckedIOException(ended);
        }
      });
      List<String> models = new ArrayList<>();
      new String(python.getInputStream().readAllBytes(), UTF_8).lines().forEach(models::add);
      if (!python.waitFor(1, TimeUnit.MINUTES)) {
        throw new AssertionError("Python has not ended");
      }
      return models;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
