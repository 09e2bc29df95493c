package dev.pointsman.server;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Reads a request into one array; its resources are slices of the array. gRPC's own reader copies a large message field
 * by field. Parts that outlive the request have to be copied, or they retain all of it.
 */
final class SharedRequests {
  private SharedRequests() {}

  /** The service with shared requests. */
  static ServerServiceDefinition of(ServerServiceDefinition service) {
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    service.getMethods().forEach(method -> methods.add(sharing(method)));
    ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(
            service.getServiceDescriptor().getName())
        .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder shared = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(shared::addMethod);
    return shared.build();
  }

  private static <Q, A> ServerMethodDefinition<Q, A> sharing(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder()
            .setRequestMarshaller(
                new Sharing<>((PrototypeMarshaller<Q>) descriptor.getRequestMarshaller()))
            .build(),
        method.getServerCallHandler());
  }

  private record Sharing<Q>(PrototypeMarshaller<Q> usual) implements Marshaller<Q> {
    @Override
    public InputStream stream(Q request) {
      return usual.stream(request);
    }

    @Override
    public Q parse(InputStream stream) {
      try {
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(all(stream))
            .newCodedInput(); // the array is not modified
        input.enableAliasing(true);
        Message prototype = (Message) Objects.requireNonNull(usual.getMessagePrototype());
        return usual.getMessageClass().cast(prototype.getParserForType().parseFrom(input));
      } catch (IOException e) {
        throw Status.INTERNAL
            .withDescription("the request is not a message of its method: " + e.getMessage())
            .withCause(e)
            .asRuntimeException();
      }
    }

    private static byte[] all(InputStream stream) throws IOException {
      if (!(stream instanceof KnownLength)) {
        return stream.readAllBytes(); // the size of a compressed message is unknown
      }
      byte[] bytes = new byte[stream.available()];
      int read = stream.readNBytes(bytes, 0, bytes.length);
      if (read < bytes.length) {
        throw new IOException("the request ends after " + read + " of " + bytes.length + " bytes");
      }
      return bytes;
    }
  }
}
