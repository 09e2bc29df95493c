package dev.pointsman.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.pointsman.diff.ResourceChange;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.xds.KnownTypes;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import java.util.List;

/**
 * The differences between the translations of two processes. Two parts belong to the process and are no difference: the
 * cluster of its endpoint discovery, and the tokens for its loops, which its private key or chance decides.
 */
final class ShadowDifferences {
  private ShadowDifferences() {}

  /**
   * The different resources, a line each.
   *
   * @throws InvalidProtocolBufferException if a resource cannot be read
   */
  static List<String> between(PostTranslateModifyResponse theirs, PostTranslateModifyResponse own)
      throws InvalidProtocolBufferException {
    return ResourceChange.between(withoutSecrets(theirs), withoutSecrets(own)).stream()
        .filter(change -> !isOfTheProcess(change))
        .map(ResourceChange::line)
        .toList();
  }

  /** Both pass Envoy Gateway's secrets on. */
  private static PostTranslateModifyResponse withoutSecrets(PostTranslateModifyResponse answer) {
    return answer.toBuilder().clearSecrets().build();
  }

  private static boolean isOfTheProcess(ResourceChange change) {
    if (change.name().equals(XdsNames.EDS_CLUSTER)) {
      return change.before().isPresent() == change.after().isPresent();
    }
    return change
        .before()
        .map(ShadowDifferences::withoutTokens)
        .equals(change.after().map(ShadowDifferences::withoutTokens));
  }

  private static Message withoutTokens(Message resource) {
    return KnownTypes.ordered(KnownTypes.everywhere(resource, part -> switch (part) {
      case HeaderValue header
      when header.getKey().equals(XdsNames.TOKEN_HEADER) ->
        header.toBuilder().clearValue().clearRawValue().build();
      case HeaderMatcher matcher
      when matcher.getName().equals(XdsNames.TOKEN_HEADER) ->
        HeaderMatcher.newBuilder().setName(matcher.getName()).build();
      default -> part;
    }));
  }
}
