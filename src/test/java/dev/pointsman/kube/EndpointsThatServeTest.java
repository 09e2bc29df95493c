package dev.pointsman.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.EndpointSlice;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Pods and EndpointSlices that say in one place that they are ready and in another that they are not. */
class EndpointsThatServeTest {
  private static JsonNode yaml(String yaml) {
    return YAMLMapper.shared().readTree(yaml);
  }

  private static boolean serves(String status) {
    JsonNode pod =
        yaml("{kind: Pod, metadata: {name: a, labels: {app: a}}, status: " + status + "}");
    return PodParser.parse(pod, Addresses.OF_A_CLUSTER)
            instanceof Parsed.Valid<Pod>(Pod read, var _)
        && read.serves();
  }

  @ParameterizedTest
  @CsvSource({"Failed,false", "Succeeded,false", "Running,true", "Pending,true", "Unknown,true"})
  void aFinishedPodIsNoEndpointWithAnyReadyCondition(String phase, boolean serves) {
    String status = "{phase: %s, podIP: 10.0.0.1, conditions: [{type: Ready, status: 'True'}]}";
    assertThat(serves(status.formatted(phase))).isEqualTo(serves);
  }

  @Test
  void aPodInAFileNeedsNoPhase() {
    assertThat(serves("{podIP: 10.0.0.1, conditions: [{type: Ready, status: 'True'}]}"))
        .isTrue();
  }

  private static Parsed<EndpointSlice> slice(Addresses allowed, String endpoint) {
    return EndpointSliceParser.parse(
        yaml("{kind: EndpointSlice, metadata: {name: a, labels: {kubernetes.io/service-name: a}},"
            + " endpoints: [" + endpoint + "], ports: [{port: 9002}]}"),
        allowed);
  }

  private static List<String> addresses(Parsed<EndpointSlice> slice) {
    return slice instanceof Parsed.Valid<EndpointSlice>(EndpointSlice read, var _)
        ? read.addresses()
        : List.of();
  }

  /** With {@code publishNotReadyAddresses} all endpoints are ready, also standby and terminating ones. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                               | true",
        "{ready: true}                                    | true",
        "{ready: null, serving: null, terminating: null}  | true",
        "{ready: true, serving: true, terminating: false} | true",
        "{serving: true}                                  | true",
        "{ready: false}                                   | false",
        "{ready: false, serving: true, terminating: true} | false",
        "{ready: true, serving: false}                    | false",
        "{serving: false}                                 | false",
        "{ready: true, serving: true, terminating: true}  | false"
      })
  void anEndpointServesOnlyIfAllItsConditionsSaySo(String conditions, boolean serves) {
    String endpoint = "{addresses: [10.0.0.1], conditions: " + conditions + "}";
    assertThat(addresses(slice(Addresses.OF_A_CLUSTER, endpoint)))
        .isEqualTo(serves ? List.of("10.0.0.1") : List.of());
  }

  /** As the API server's validation of EndpointSlices: the metadata service and the proxy's own host are out of reach. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "169.254.169.254",
        "fe80::1",
        "224.0.0.1",
        "ff02::1",
        "0.0.0.0",
        "::",
        "::ffff:127.0.0.1",
        "[::1]",
        "localhost",
        "0x7f.1",
        "127.1",
        "2130706433"
      })
  void noAddressOfTheProxysHostOrLink(String address) {
    String endpoint = "{addresses: [10.0.0.1, '" + address + "']}";
    Parsed<EndpointSlice> read = slice(Addresses.OF_A_CLUSTER, endpoint);
    assertThat(addresses(read)).containsExactly("10.0.0.1");
    assertThat(((Parsed.Valid<EndpointSlice>) read).remarks()).hasSize(1);
    assertThat(serves("{podIP: '" + address + "', conditions: [{type: Ready, status: 'True'}]}"))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"169.254.169.254", "fe80::1", "224.0.0.1", "0.0.0.0"})
  void aFileMaySendToLoopbackAlone(String address) {
    assertThat(addresses(slice(Addresses.OF_A_HOST, "{addresses: ['" + address + "']}")))
        .isEmpty();
    assertThat(addresses(slice(Addresses.OF_A_HOST, "{addresses: ['127.0.0.1', '::1']}")))
        .containsExactly("127.0.0.1", "::1");
  }

  @ParameterizedTest
  @EnumSource(Addresses.class)
  void usualAddressesAreTaken(Addresses allowed) {
    assertThat(addresses(slice(allowed, "{addresses: [10.0.0.1, 192.168.1.1, '2001:db8::1']}")))
        .hasSize(3);
  }
}
