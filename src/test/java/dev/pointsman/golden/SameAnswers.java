package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.pointsman.cli.TranslationTree;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.wire.MapOrder;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares answers to the byte, and shows people where they differ. The order of a map's entries has no meaning: in a
 * relevant virtual host it is that of the keys.
 */
final class SameAnswers {
  private static final MapOrder MAPS = MapOrder.of(RouteConfiguration.getDescriptor());

  private SameAnswers() {}

  static void assertSame(
      String what, PostTranslateModifyResponse expected, PostTranslateModifyResponse actual) {
    if (!sorted(expected).equals(sorted(actual))) {
      fail(what + " differs (- expected, + actual)\n"
          + GoldenFile.diff(lines(expected), lines(actual)));
    }
  }

  private static PostTranslateModifyResponse sorted(PostTranslateModifyResponse answer) {
    return answer.toBuilder()
        .clearRoutes()
        .addAllRoutes(answer.getRoutesList().stream().map(MAPS::sorted).toList())
        .build();
  }

  private static List<String> lines(PostTranslateModifyResponse answer) {
    List<String> lines = new ArrayList<>();
    for (ByteString cluster : answer.getClustersList()) {
      lines.addAll(one(PostTranslateModifyResponse.newBuilder().addClusters(cluster)));
    }
    for (ByteString listener : answer.getListenersList()) {
      lines.addAll(one(PostTranslateModifyResponse.newBuilder().addListeners(listener)));
    }
    for (ByteString table : answer.getRoutesList()) {
      lines.addAll(one(PostTranslateModifyResponse.newBuilder().addRoutes(table)));
    }
    return lines;
  }

  private static List<String> one(PostTranslateModifyResponse.Builder resource) {
    try {
      return TranslationTree.yaml(resource.build()).lines().toList();
    } catch (InvalidProtocolBufferException | RuntimeException damaged) {
      return fields(resource.build().toByteString()).lines().toList();
    }
  }

  private static String fields(ByteString damaged) {
    try {
      return UnknownFieldSet.parseFrom(damaged).toString();
    } catch (InvalidProtocolBufferException e) {
      return damaged.toString();
    }
  }
}
