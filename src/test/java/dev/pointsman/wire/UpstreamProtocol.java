package dev.pointsman.wire;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.List;
import java.util.stream.Stream;

/**
 * Envoy Gateway's extension protocol as its field table says it ({@code proto/extension/service.proto} and
 * {@code context.proto}), resources with their full types. Outcome apart from our messages, which have them as bytes.
 */
final class UpstreamProtocol {
  private static final String PACKAGE = "upstream";

  /** A message per line: {@code Name: field=number[*] type, …}; {@code *} is repeated. */
  private static final String TABLE = """
      ExtensionResource: unstructured_bytes=1 bytes
      PostRouteModifyRequest: route=1 Route, post_route_context=2 PostRouteExtensionContext
      PostRouteExtensionContext: extension_resources=1* ExtensionResource, hostnames=2* string, \
      extension_policies=3* ExtensionResource
      PostRouteModifyResponse: route=1 Route
      PostVirtualHostModifyRequest: virtual_host=1 VirtualHost, \
      post_virtual_host_context=2 PostVirtualHostExtensionContext
      PostVirtualHostExtensionContext:
      PostVirtualHostModifyResponse: virtual_host=1 VirtualHost
      PostHTTPListenerModifyRequest: listener=1 Listener, post_listener_context=2 PostHTTPListenerExtensionContext
      PostHTTPListenerExtensionContext: extension_resources=1* ExtensionResource
      PostHTTPListenerModifyResponse: listener=1 Listener
      PostClusterModifyRequest: cluster=1 Cluster, post_cluster_context=2 PostClusterExtensionContext
      PostClusterExtensionContext: backend_extension_resources=1* ExtensionResource
      PostClusterModifyResponse: cluster=1 Cluster
      PostEndpointsModifyRequest: load_assignment=1 ClusterLoadAssignment, \
      post_endpoints_context=2 PostEndpointsExtensionContext
      PostEndpointsExtensionContext:
      PostEndpointsModifyResponse: load_assignment=1 ClusterLoadAssignment
      PostTranslateModifyRequest: post_translate_context=1 PostTranslateExtensionContext, clusters=2* Cluster, \
      secrets=3* Secret, listeners=4* Listener, routes=5* RouteConfiguration
      PostTranslateExtensionContext: extension_resources=1* ExtensionResource
      PostTranslateModifyResponse: clusters=1* Cluster, secrets=2* Secret, listeners=3* Listener, \
      routes=4* RouteConfiguration
      """;

  private static final List<Descriptor> ENVOY = List.of(
      Cluster.getDescriptor(),
      ClusterLoadAssignment.getDescriptor(),
      Listener.getDescriptor(),
      Route.getDescriptor(),
      RouteConfiguration.getDescriptor(),
      Secret.getDescriptor(),
      VirtualHost.getDescriptor());

  private static final FileDescriptor FILE = file();

  private UpstreamProtocol() {}

  static Descriptor message(String name) {
    return FILE.findMessageTypeByName(name);
  }

  static Stream<Descriptor> messages() {
    return FILE.getMessageTypes().stream();
  }

  private static FileDescriptor file() {
    FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
        .setName("upstream.proto")
        .setPackage(PACKAGE)
        .setSyntax("proto3");
    FileDescriptor[] imports =
        ENVOY.stream().map(Descriptor::getFile).distinct().toArray(FileDescriptor[]::new);
    for (FileDescriptor imported : imports) {
      file.addDependency(imported.getName());
    }
    TABLE.lines().forEach(line -> file.addMessageType(message(line.split(":", 2))));
    try {
      return FileDescriptor.buildFrom(file.build(), imports);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DescriptorProto message(String[] nameAndFields) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(nameAndFields[0]);
    Stream.of(nameAndFields[1].split(","))
        .map(String::strip)
        .filter(field -> !field.isEmpty())
        .forEach(field -> message.addField(field(field)));
    return message.build();
  }

  private static FieldDescriptorProto field(String text) {
    String[] parts = text.split("[= ]+");
    boolean repeated = parts[1].endsWith("*");
    FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
        .setName(parts[0])
        .setNumber(Integer.parseInt(parts[1].replace("*", "")))
        .setLabel(repeated ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
    return switch (parts[2]) {
      case "bytes" -> field.setType(Type.TYPE_BYTES).build();
      case "string" -> field.setType(Type.TYPE_STRING).build();
      default ->
        field.setType(Type.TYPE_MESSAGE).setTypeName(typeName(parts[2])).build();
    };
  }

  private static String typeName(String type) {
    return ENVOY.stream()
        .filter(envoy -> envoy.getName().equals(type))
        .map(envoy -> "." + envoy.getFullName())
        .findFirst()
        .orElse("." + PACKAGE + "." + type);
  }
}
