package dev.pointsman.rig;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.cli.TranslationTree;
import dev.pointsman.extension.PostTranslateModifyResponse;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;

/** xDS as it stands in a bootstrap file. */
public final class EnvoyJson {
  private EnvoyJson() {}

  /** The cluster on one line, which is YAML as well. */
  public static String of(Cluster cluster) {
    try {
      String tree = TranslationTree.yaml(PostTranslateModifyResponse.newBuilder()
          .addClusters(cluster.toByteString())
          .build());
      return Manifests.YAML.readTree(tree).at("/clusters/0").toString();
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
