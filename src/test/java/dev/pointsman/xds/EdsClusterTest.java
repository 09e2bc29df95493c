package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.EnvoyJson;
import dev.pointsman.rig.RealEnvoy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each supported Envoy takes the cluster, by address and by name. */
@Tag("envoy")
class EdsClusterTest {
  static final List<String> versions = RealEnvoy.VERSIONS;

  @ParameterizedTest
  @FieldSource("versions")
  void everyEnvoyLoadsTheCluster(String version, @TempDir Path folder) throws IOException {
    for (EdsCluster eds : List.of(
        EdsCluster.LOCAL,
        new EdsCluster("::1", true, 18010, Optional.empty()),
        new EdsCluster("pointsman.system.svc", false, 18010, Optional.empty()))) {
      Path config = Files.writeString(
          folder.resolve("envoy.json"),
          "{\"static_resources\": {\"clusters\": [" + EnvoyJson.of(eds.toCluster()) + "]}}");
      RealEnvoy.Validation validation = RealEnvoy.validate(version, config);
      assertThat(validation.ok()).as(validation.output()).isTrue();
    }
  }
}
