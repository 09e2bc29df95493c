package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.wire.FieldReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A translation with all that it was made of. */
final class RepeatableTranslation implements Repetition {
  private final TranslationHook hook;
  private final TranslationHook.Call call;
  private final TranslationResult result;

  RepeatableTranslation(TranslationHook hook, TranslationHook.Call call, TranslationResult result) {
    this.hook = hook;
    this.call = call;
    this.result = result;
  }

  @Override
  public TranslationResult result() {
    return result;
  }

  @Override
  public PostTranslateModifyRequest request() {
    return call.request();
  }

  @Override
  public List<String> differences() {
    PostTranslateModifyResponse cold = hook.cold(call).response();
    PostTranslateModifyResponse reversed =
        hook.cold(call.with(reversed(request()))).response();
    TreeSet<String> differences = new TreeSet<>();
    differences.addAll(differences("without reuse", cold));
    differences.addAll(differences("in another order", reversed));
    return List.copyOf(differences);
  }

  private static PostTranslateModifyRequest reversed(PostTranslateModifyRequest request) {
    return request.toBuilder()
        .clearClusters()
        .addAllClusters(request.getClustersList().reversed())
        .clearListeners()
        .addAllListeners(request.getListenersList().reversed())
        .clearRoutes()
        .addAllRoutes(request.getRoutesList().reversed())
        .build();
  }

  private List<String> differences(String how, PostTranslateModifyResponse again) {
    PostTranslateModifyResponse answer = result.response();
    List<String> differences = new ArrayList<>();
    if (!again.equals(answer)) {
      differences.addAll(
          differences(how + ": cluster ", answer.getClustersList(), again.getClustersList()));
      differences.addAll(
          differences(how + ": listener ", answer.getListenersList(), again.getListenersList()));
      differences.addAll(
          differences(how + ": routes ", answer.getRoutesList(), again.getRoutesList()));
    }
    return differences;
  }

  private static List<String> differences(
      String kind, List<ByteString> before, List<ByteString> after) {
    Map<ByteString, Integer> counts = new HashMap<>();
    before.forEach(resource -> counts.merge(resource, 1, Integer::sum));
    after.forEach(resource -> counts.merge(resource, -1, Integer::sum));
    return counts.entrySet().stream()
        .filter(count -> count.getValue() != 0)
        .map(count -> kind + name(count.getKey()))
        .distinct()
        .toList();
  }

  private static String name(ByteString resource) {
    try {
      return FieldReader.name(resource);
    } catch (InvalidProtocolBufferException unreadable) {
      return "(unreadable)";
    }
  }
}
