package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.pointsman.cli.TranslationTree;
import dev.pointsman.extension.PostTranslateModifyResponse;
import java.util.ArrayList;
import java.util.List;

/** Compares answers to the byte, and shows people where they differ. */
final class SameAnswers {
  private SameAnswers() {}

  static void assertSame(
      String what, PostTranslateModifyResponse expected, PostTranslateModifyResponse actual) {
    if (!expected.equals(actual)) {
      fail(what + " differs (- expected, + actual)\n"
          + GoldenFile.diff(lines(expected), lines(actual)));
    }
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
