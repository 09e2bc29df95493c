package dev.pointsman.rig;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process beside the proxy that knocks at the socket of a loop listener, in the least of HTTP/2. */
public record LoopSocket(Path path) {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  /** HPACK's static table, as far as answers begin with it. */
  private static final Map<Integer, Integer> STATUSES = Map.of(0x88, 200, 0x8d, 404, 0x8e, 500);

  /** The socket of the loop for large bodies of a route configuration. */
  public static LoopSocket ofLargeBodies(EnvoyAdmin envoy, String routeConfiguration) {
    for (JsonNode listener : all(envoy, "dynamic_listeners")) {
      if (listener.path("name").asString("").equals("pointsman/large/" + routeConfiguration)) {
        return new LoopSocket(
            Path.of(listener.at("/active_state/listener/address/pipe/path").asString()));
      }
    }
    throw new AssertionError("no loop of " + routeConfiguration);
  }

  /** The tokens of the routes behind a route configuration's loop, by the routes' names. */
  public static Map<String, String> tokens(EnvoyAdmin envoy, String routeConfiguration) {
    Map<String, String> tokens = new HashMap<>();
    for (JsonNode table : all(envoy, "dynamic_route_configs")) {
      JsonNode config = table.path("route_config");
      if (config.path("name").asString("").equals("pointsman/large/" + routeConfiguration)) {
        for (JsonNode route : config.at("/virtual_hosts/0/routes")) {
          tokens.put(
              route.path("name").asString(),
              route.at("/match/headers/0/string_match/exact").asString());
        }
      }
    }
    return tokens;
  }

  private static Iterable<JsonNode> all(EnvoyAdmin envoy, String what) {
    return JsonMapper.shared()
        .readTree(envoy.configDump())
        .path("configs")
        .valueStream()
        .flatMap(part -> part.path(what).valueStream())
        .toList();
  }

  /** Posts a JSON body; the status of the answer, or -1 for one that the static table lacks. */
  public int post(String authority, Map<String, String> headers, String body) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x83); // :method POST
    block.write(0x86); // :scheme http
    block.write(0x04);
    string(block, "/v1/chat/completions");
    block.write(0x01);
    string(block, authority);
    field(block, "content-type", "application/json");
    headers.forEach((name, value) -> field(block, name, value));
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
      OutputStream out = Channels.newOutputStream(channel);
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      frame(out, SETTINGS, 0, 0, new byte[0]);
      frame(out, HEADERS, END_HEADERS, 1, block.toByteArray());
      frame(out, DATA, END_STREAM, 1, body.getBytes(StandardCharsets.UTF_8));
      return status(new DataInputStream(Channels.newInputStream(channel)));
    } catch (IOException e) {
      throw new UncheckedIOException(path.toString(), e);
    }
  }

  private static int status(DataInputStream in) throws IOException {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.skipNBytes(1 + Integer.BYTES); // flags, stream
      byte[] payload = in.readNBytes(length);
      if (type == HEADERS) {
        int first = payload[0] & 0xff;
        return STATUSES.getOrDefault(first, -1);
      }
    }
  }

  private static void field(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    string(block, name);
    string(block, value);
  }

  private static void string(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    block.write(bytes.length); // below 127, not Huffman
    block.writeBytes(bytes);
  }

  private static void frame(OutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.write(new byte[] {
      (byte) (payload.length >> 16),
      (byte) (payload.length >> 8),
      (byte) payload.length,
      (byte) type,
      (byte) flags,
      0,
      0,
      0,
      (byte) stream
    });
    out.write(payload);
    out.flush();
  }
}
