package dev.pointsman.golden;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.rig.RawMessages;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An extension server that changes nothing and writes down what it is asked: {@code NNNN-Post<Hook>Modify.pb}, the bytes
 * as they came. Usage: PORT FOLDER. {@code hack/record.sh} runs it behind a real Envoy Gateway.
 */
final class Recorder {
  private static final int MAX_MESSAGE = 64 << 20;

  private final Path folder;
  private final AtomicInteger number = new AtomicInteger();

  private Recorder(Path folder) {
    this.folder = folder;
  }

  /** Serves until the process is ended. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Recorder recorder = new Recorder(Files.createDirectories(Path.of(arguments[1])));
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
    Server server = NettyServerBuilder.forAddress(address)
        .maxInboundMessageSize(MAX_MESSAGE)
        .addService(recorder.service())
        .build()
        .start();
    server.awaitTermination();
  }

  private ServerServiceDefinition service() {
    ServerServiceDefinition.Builder service =
        ServerServiceDefinition.builder(EnvoyGatewayExtensionGrpc.SERVICE_NAME);
    EnvoyGatewayExtensionGrpc.getServiceDescriptor().getMethods().forEach(method -> {
      String hook = method.getBareMethodName();
      service.addMethod(ServerMethodDefinition.create(
          MethodDescriptor.<byte[], byte[]>newBuilder(
                  RawMessages.MARSHALLER, RawMessages.MARSHALLER)
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(method.getFullMethodName())
              .build(),
          ServerCalls.asyncUnaryCall((request, answer) -> {
            answer.onNext(record(String.valueOf(hook), request));
            answer.onCompleted();
          })));
    });
    return service.build();
  }

  private synchronized byte[] record(String hook, byte[] request) {
    try {
      String file = "%04d-%s.pb".formatted(number.incrementAndGet(), hook);
      Files.write(folder.resolve(file), request);
      return echo(hook, request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer that changes nothing: the resource is field 1 of both, but in the Translation hook. */
  private static byte[] echo(String hook, byte[] request) throws IOException {
    if (hook.equals("PostTranslateModify")) {
      PostTranslateModifyRequest translation = PostTranslateModifyRequest.parseFrom(request);
      return PostTranslateModifyResponse.newBuilder()
          .addAllClusters(translation.getClustersList())
          .addAllSecrets(translation.getSecretsList())
          .addAllListeners(translation.getListenersList())
          .addAllRoutes(translation.getRoutesList())
          .build()
          .toByteArray();
    }
    UnknownFieldSet fields = UnknownFieldSet.parseFrom(CodedInputStream.newInstance(request));
    return UnknownFieldSet.newBuilder().addField(1, fields.getField(1)).build().toByteArray();
  }
}
