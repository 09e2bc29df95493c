package dev.pointsman.cli;

import dev.pointsman.config.BadInput;
import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.model.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** The options that describe a request. */
final class RequestOptions {
  /** A token of RFC 9110. */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model in the JSON body. Without it and without --body there is no body.")
  private @Nullable String model;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "The Host header (default: a host that the Gateway's first routes have).")
  private String host = "";

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "The path, with the query (default: ${DEFAULT-VALUE}).")
  private String path = "/v1/chat/completions";

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description = "The method (default: POST with a body, else GET).")
  private @Nullable String method;

  @Option(
      names = "--header",
      paramLabel = "NAME=VALUE",
      description =
          "A header, repeatable. A body has the content type application/json unless one is given.")
  private List<String> headers = new ArrayList<>();

  @Option(names = "--body", paramLabel = "TEXT", description = "The body, in place of --model.")
  private @Nullable String body;

  @Option(
      names = "--body-size",
      paramLabel = "SIZE",
      description = "The size of the body, as if it were padded to it.")
  private @Nullable ByteSize bodySize;

  @Option(names = "--chunked", description = "The body's length is in no header.")
  private boolean chunked;

  @Option(
      names = "--listener",
      paramLabel = "NAME",
      description = "The listener's name or port, if several take the host.")
  private String listener = "";

  /** Whether neither a method nor a body is given, so that the request is a GET that names no model. */
  boolean isBareGet() {
    return method == null && model == null && body == null;
  }

  /** The described request. */
  AskedRequest request() {
    if (model != null && body != null) {
      throw new BadInput("use --model or --body, not both: the model is in the body");
    }
    if (!path.startsWith("/")) {
      throw new BadInput("--path " + path + ": a path starts with /");
    }
    if (method != null && !TOKEN.matcher(method).matches()) {
      throw new BadInput("--method " + method + ": a method is one word, such as POST");
    }
    AskedBody asked = asked();
    TreeMap<String, String> all = new TreeMap<>();
    headers.forEach(header -> add(header, all));
    if (all.containsKey("host") && !host.isEmpty()) {
      throw new BadInput("use --host or --header Host, not both");
    }
    if (asked.text().isPresent()) {
      all.putIfAbsent("content-type", "application/json");
    }
    String used = method == null ? asked.text().isPresent() ? "POST" : "GET" : method;
    return new AskedRequest(listener, host, used, path, all, asked);
  }

  /** Adds a header; a name that is there already has both values. */
  private static void add(String header, TreeMap<String, String> all) {
    int equals = header.indexOf('=');
    if (equals < 0) {
      throw new BadInput("--header " + header + ": write NAME=VALUE");
    }
    String name = header.substring(0, equals).toLowerCase(Locale.ROOT);
    if (!TOKEN.matcher(name).matches()) {
      throw new BadInput("--header " + name + "=...: no header has this name");
    }
    if (name.equals("host") && all.containsKey(name)) {
      throw new BadInput("--header Host is given twice: a request has one host");
    }
    all.merge(
        name,
        header.substring(equals + 1),
        (one, other) -> AskedRequest.together(name, one, other));
  }

  private AskedBody asked() {
    String text = model == null ? body : json(model);
    if (text == null) {
      if (bodySize != null || chunked) {
        throw new BadInput("--body-size and --chunked need --model or --body");
      }
      return AskedBody.NONE;
    }
    AskedBody whole = AskedBody.of(text);
    long bytes = bodySize == null ? whole.bytes() : bodySize.bytes();
    if (bytes < whole.bytes()) {
      throw new BadInput("--body-size is " + bytes + " bytes, but the body has " + whole.bytes());
    }
    return new AskedBody(whole.text(), bytes, chunked);
  }

  private static String json(String model) {
    return JsonMapper.shared().createObjectNode().put("model", model).toString();
  }
}
