package dev.pointsman.server;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.ExplainableGateway;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.TranslationResult;
import java.util.ArrayList;
import java.util.List;

/** Decodes translations, to explain requests with them. */
public final class ExplainableTranslations {
  private ExplainableTranslations() {}

  /**
   * The Gateways of the translations.
   *
   * @throws InvalidProtocolBufferException if a resource cannot be read
   */
  public static List<ExplainableGateway> of(List<TranslationResult> results)
      throws InvalidProtocolBufferException {
    List<ExplainableGateway> gateways = new ArrayList<>();
    for (TranslationResult result : results) {
      gateways.add(of(result));
    }
    return gateways;
  }

  static ExplainableGateway of(TranslationResult result) throws InvalidProtocolBufferException {
    PostTranslateModifyResponse answer = result.response();
    return ExplainableGateway.of(
        result.gateways(),
        answer.getListenersList(),
        answer.getRoutesList(),
        answer.getClustersList(),
        result.diagnostics());
  }
}
