package dev.pointsman.server;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostTranslateModifyRequest;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Calls of a server on loopback. */
abstract class ServerFixture {
  static final int MEBIBYTE = 1 << 20;

  @TempDir
  Path resources;

  static ManagedChannel connect(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .maxInboundMessageSize(100 * MEBIBYTE)
        .build();
  }

  static ServingStatus health(ManagedChannel channel, String service) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  static HttpResponse<String> http(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          BodyHandlers.ofString());
    }
  }

  /** Clusters whose bytes add up to so many: names that need no rewriting. */
  static PostTranslateModifyRequest payload(int bytes) {
    PostTranslateModifyRequest.Builder request = PostTranslateModifyRequest.newBuilder();
    int chunk = 64 << 10;
    for (int left = bytes; left > 0; left -= chunk) {
      int size = Math.min(left, chunk);
      byte[] cluster = new byte[size]; // field 1 (name), as long as what is left
      cluster[0] = 0x0a;
      int length = size - 4;
      cluster[1] = (byte) ((length & 0x7f) | 0x80);
      cluster[2] = (byte) (((length >> 7) & 0x7f) | 0x80);
      cluster[3] = (byte) (length >> 14);
      java.util.Arrays.fill(cluster, 4, size, (byte) 'x');
      request.addClusters(ByteString.copyFrom(cluster));
    }
    return request.build();
  }
}
