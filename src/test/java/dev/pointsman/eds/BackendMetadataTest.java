package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.xds.EdsNames;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each endpoint of a pool names the pool in its metadata. */
class BackendMetadataTest {
  private static final List<Endpoint> ONE = List.of(new Endpoint("10.0.0.2", 81));

  @Test
  void endpointsOfPoolsNameThePool() throws InvalidProtocolBufferException {
    String resource = EdsNames.of(new PoolRef(PoolRef.V1, "default", "qwen"));
    assertThat(metadata(resource)).isEqualTo(metadata("InferencePool", "qwen", "default"));
  }

  @Test
  void endpointsOfPickersHaveNoMetadata() {
    String resource = EdsNames.of(new ServicePort("default", "picker", 9002));
    assertThat(metadata(resource)).isEqualTo(Metadata.getDefaultInstance());
  }

  private static Metadata metadata(String kind, String name, String namespace)
      throws InvalidProtocolBufferException {
    Metadata.Builder metadata = Metadata.newBuilder();
    JsonFormat.parser().merge("""
        {"filterMetadata": {"envoy-gateway": {"backend": {"kind": "%s", "name": "%s", "namespace": "%s"}}}}
        """.formatted(kind, name, namespace), metadata);
    return metadata.build();
  }

  private static Metadata metadata(String resource) {
    return new Assignment(resource, 1, ONE)
        .message()
        .getEndpoints(0)
        .getLbEndpoints(0)
        .getMetadata();
  }
}
