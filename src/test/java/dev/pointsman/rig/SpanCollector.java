package dev.pointsman.rig;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.sun.net.httpserver.HttpServer;
import dev.pointsman.config.HostPort;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A collector of OpenTelemetry's spans over OTLP, by gRPC or HTTP. It reads the fields that tests ask for. */
public final class SpanCollector implements AutoCloseable {
  private static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";

  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final Runnable stop;
  private final int port;

  /**
   * A span.
   *
   * @param parent the ID of its parent; empty for the first span of a trace
   * @param tags its attributes that are texts, whole numbers as texts, by name
   */
  public record Span(
      String trace, String id, String parent, String name, Map<String, String> tags) {
    private static Span of(UnknownFieldSet span) throws InvalidProtocolBufferException {
      Map<String, String> tags = new HashMap<>();
      for (UnknownFieldSet tag : messages(span, 9)) {
        UnknownFieldSet value = messages(tag, 2).getFirst();
        tags.put(
            text(tag, 1),
            value.hasField(3)
                ? value.getField(3).getVarintList().getFirst().toString()
                : text(value, 1));
      }
      return new Span(hex(span, 1), hex(span, 2), hex(span, 4), text(span, 5), tags);
    }

    /** The tag's value; "-" without one. */
    public String tag(String name) {
      return tags.getOrDefault(name, "-");
    }
  }

  private SpanCollector(HostPort at) throws IOException {
    MethodDescriptor<byte[], byte[]> export = MethodDescriptor.newBuilder(
            RawMessages.MARSHALLER, RawMessages.MARSHALLER)
        .setType(MethodType.UNARY)
        .setFullMethodName(SERVICE + "/Export")
        .build();
    ServerServiceDefinition service = ServerServiceDefinition.builder(SERVICE)
        .addMethod(export, ServerCalls.asyncUnaryCall((request, answer) -> {
          add(request);
          answer.onNext(new byte[0]);
          answer.onCompleted();
        }))
        .build();
    Server server = NettyServerBuilder.forAddress(at.socketAddress())
        .addService(service)
        .build()
        .start();
    port = server.getPort();
    stop = server::shutdownNow;
  }

  private SpanCollector(HttpServer server) {
    server.createContext("/v1/traces", exchange -> {
      add(exchange.getRequestBody().readAllBytes());
      exchange.getResponseHeaders().set("content-type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    server.start();
    port = server.getAddress().getPort();
    stop = () -> server.stop(0);
  }

  /** Starts one for gRPC. */
  public static SpanCollector grpc(HostPort at) throws IOException {
    return new SpanCollector(at);
  }

  /** Starts one for HTTP. */
  public static SpanCollector http(HostPort at) throws IOException {
    return new SpanCollector(HttpServer.create(at.socketAddress(), 0));
  }

  /** Its port. */
  public int port() {
    return port;
  }

  private void add(byte[] request) {
    try {
      for (UnknownFieldSet resource : messages(UnknownFieldSet.parseFrom(request), 1)) {
        for (UnknownFieldSet scope : messages(resource, 2)) {
          for (UnknownFieldSet span : messages(scope, 2)) {
            spans.add(Span.of(span));
          }
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Waits for a span. */
  public Span await(String what, Predicate<Span> condition) {
    return Awaitility.await(what + " in " + spans)
        .atMost(Duration.ofSeconds(20))
        .until(() -> spans.stream().filter(condition).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  /** The spans so far. */
  public List<Span> spans() {
    return spans;
  }

  @Override
  public void close() {
    stop.run();
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet message, int field)
      throws InvalidProtocolBufferException {
    List<UnknownFieldSet> messages = new ArrayList<>();
    for (ByteString bytes : message.getField(field).getLengthDelimitedList()) {
      messages.add(UnknownFieldSet.parseFrom(bytes));
    }
    return messages;
  }

  private static String text(UnknownFieldSet message, int field) {
    return first(message.getField(field)).toStringUtf8();
  }

  private static String hex(UnknownFieldSet message, int field) {
    return HexFormat.of().formatHex(first(message.getField(field)).toByteArray());
  }

  private static ByteString first(Field field) {
    return field.getLengthDelimitedList().isEmpty()
        ? ByteString.EMPTY
        : field.getLengthDelimitedList().getFirst();
  }
}
