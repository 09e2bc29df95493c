package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.PostTranslateModifyRequest;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Shallow messages of Envoy Gateway's protocol say the same bytes as the original. */
class WireCompatibilityTest {
  private static final Path RECORDED = Path.of("testdata", "translate");

  static Stream<Arguments> recordedRequests() throws IOException {
    try (Stream<Path> files = Files.walk(RECORDED)) {
      List<Path> requests = files
          .filter(file -> file.getFileName().toString().matches("\\d{4}-Post\\w+Modify\\.pb"))
          .sorted()
          .toList();
      return requests.stream().map(file -> argumentSet(RECORDED.relativize(file).toString(), file));
    }
  }

  @ParameterizedTest
  @MethodSource("recordedRequests")
  void aRecordedRequestIsReadAndWrittenAsItCame(Path file) throws IOException {
    ByteString recorded = ByteString.copyFrom(Files.readAllBytes(file));
    String type = file.getFileName().toString().replaceFirst("\\d{4}-(.*)\\.pb", "$1Request");
    Message shallow = shallow(type).newBuilderForType().mergeFrom(recorded).build();
    DynamicMessage upstream = DynamicMessage.parseFrom(UpstreamProtocol.message(type), recorded);

    assertNoUnknownFields(shallow);
    assertNoUnknownFields(upstream);
    assertThat(DynamicMessage.parseFrom(UpstreamProtocol.message(type), shallow.toByteString()))
        .isEqualTo(upstream);
    assertThat(shallow.toByteString()).isEqualTo(recorded);
  }

  @ParameterizedTest
  @MethodSource("recordedRequests")
  void eachResourceIsWhatItsFieldSays(Path file) throws IOException {
    String type = file.getFileName().toString().replaceFirst("\\d{4}-(.*)\\.pb", "$1Request");
    Message shallow =
        shallow(type).newBuilderForType().mergeFrom(Files.readAllBytes(file)).build();
    for (Map.Entry<FieldDescriptor, Object> field : shallow.getAllFields().entrySet()) {
      FieldDescriptor original =
          UpstreamProtocol.message(type).findFieldByNumber(field.getKey().getNumber());
      if (field.getKey().getJavaType() == FieldDescriptor.JavaType.BYTE_STRING) {
        List<?> resources =
            field.getValue() instanceof List<?> all ? all : List.of(field.getValue());
        for (Object resource : resources) {
          assertNoUnknownFields(
              DynamicMessage.parseFrom(original.getMessageType(), (ByteString) resource));
        }
      }
    }
  }

  @Test
  void everyMessageHasTheFieldsOfTheOriginal() {
    assertThat(UpstreamProtocol.messages()).hasSize(19).allSatisfy(original -> {
      Descriptor shallow = shallow(original.getName()).getDescriptorForType();
      assertThat(shallow.getFields().stream().map(WireCompatibilityTest::onTheWire))
          .as(original.getName())
          .containsExactlyElementsOf(original.getFields().stream()
              .map(WireCompatibilityTest::onTheWire)
              .toList());
    });
  }

  @Test
  void theServiceHasTheMethodsOfTheOriginal() {
    assertThat(EnvoyGatewayExtensionGrpc.getServiceDescriptor().getMethods())
        .allMatch(method -> method.getType() == MethodDescriptor.MethodType.UNARY)
        .extracting(MethodDescriptor::getFullMethodName)
        .containsExactlyInAnyOrder(
            "envoygateway.extension.EnvoyGatewayExtension/PostRouteModify",
            "envoygateway.extension.EnvoyGatewayExtension/PostVirtualHostModify",
            "envoygateway.extension.EnvoyGatewayExtension/PostHTTPListenerModify",
            "envoygateway.extension.EnvoyGatewayExtension/PostClusterModify",
            "envoygateway.extension.EnvoyGatewayExtension/PostEndpointsModify",
            "envoygateway.extension.EnvoyGatewayExtension/PostTranslateModify");
  }

  /** Name, number, one or many, and whether it is length-delimited: bytes and messages are the same on the wire. */
  private static String onTheWire(FieldDescriptor field) {
    return field.getName() + "=" + field.getNumber() + (field.isRepeated() ? "*" : "") + " "
        + switch (field.getJavaType()) {
          case MESSAGE, BYTE_STRING, STRING -> "length-delimited";
          default -> field.getJavaType().toString();
        };
  }

  private static void assertNoUnknownFields(Message message) {
    assertThat(message.getUnknownFields().asMap())
        .as("unknown fields of %s", message.getDescriptorForType().getFullName())
        .isEmpty();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        List<?> all = field.getValue() instanceof List<?> list ? list : List.of(field.getValue());
        all.forEach(inside -> assertNoUnknownFields((Message) inside));
      }
    }
  }

  private static Message shallow(String name) {
    try {
      return (Message) Class.forName(PostTranslateModifyRequest.class.getPackageName() + "." + name)
          .getMethod("getDefaultInstance")
          .invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("no shallow of " + name, e);
    }
  }
}
