package dev.pointsman.explain;

import dev.pointsman.model.SecretHeaders;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.FilterStateMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Envoy's conditions of a route. */
final class RouteConditions {
  private RouteConditions() {}

  /** The conditions that the request does not meet, in words; none if the route takes it. */
  static List<String> unmet(RouteMatch match, RequestState request) {
    List<String> unmet = new ArrayList<>();
    if (!meetsPath(match, request)) {
      unmet.add("path is " + StringConditions.quoted(request.path()) + ", must " + path(match));
    }
    for (HeaderMatcher header : match.getHeadersList()) {
      if (!HeaderConditions.meets(header, request)) {
        unmet.add(HeaderConditions.words(header, request));
      }
    }
    for (QueryParameterMatcher parameter : match.getQueryParametersList()) {
      query(parameter, request).ifPresent(unmet::add);
    }
    for (FilterStateMatcher state : match.getFilterStateList()) {
      String value = request.filterState(state.getKey()).orElse("");
      if (value.isEmpty() || !StringConditions.meets(state.getStringMatch(), value)) {
        unmet.add(state.getKey() + " is " + (value.isEmpty() ? "not set" : value) + ", must "
            + StringConditions.words(state.getStringMatch()));
      }
    }
    unmet.addAll(CookieConditions.unmet(match, request));
    for (MetadataMatcher metadata : match.getDynamicMetadataList()) {
      if (!isKnown(metadata)) {
        unmet.add(
            "metadata of " + metadata.getFilter() + " must meet a condition that is not known");
      } else if (meets(metadata, request) == metadata.getInvert()) {
        unmet.add("metadata of " + metadata.getFilter() + " differs");
      }
    }
    if (match.hasGrpc() && !request.isGrpc()) {
      unmet.add("must be a gRPC call");
    }
    if (match.hasRuntimeFraction()
        && match.getRuntimeFraction().getDefaultValue().getNumerator() == 0) {
      unmet.add("takes 0 % of the requests");
    }
    unmet.addAll(notKnown(match));
    return unmet;
  }

  /** Conditions of which nothing is said about a request: a route with one of them is taken for one that does not take it. */
  private static List<String> notKnown(RouteMatch match) {
    List<String> words = new ArrayList<>();
    if (match.hasTlsContext()) {
      words.add("must come with a client certificate, which is not known");
    }
    if (NewerFields.hasUnknown(match)) {
      words.add("has a condition that this build does not know");
    }
    return words;
  }

  /** The conditions in words, without values of query parameters, which may be secrets. */
  static List<String> words(RouteMatch match) {
    List<String> words = new ArrayList<>();
    if (!match.getPrefix().equals("/")) {
      words.add("path must " + path(match));
    }
    match.getHeadersList().forEach(header -> words.add(HeaderConditions.words(header)));
    match
        .getQueryParametersList()
        .forEach(parameter -> words.add("query parameter " + parameter.getName()));
    words.addAll(CookieConditions.words(match));
    match
        .getFilterStateList()
        .forEach(state ->
            words.add(state.getKey() + " must " + StringConditions.words(state.getStringMatch())));
    match
        .getDynamicMetadataList()
        .forEach(metadata -> words.add("metadata of " + metadata.getFilter()));
    if (match.hasGrpc()) {
      words.add("must be a gRPC call");
    }
    if (match.hasRuntimeFraction()) {
      words.add("takes " + ShareWords.percent(RouteEnds.percent(match.getRuntimeFraction()))
          + " of the requests");
    }
    words.addAll(notKnown(match));
    return words;
  }

  private static boolean meetsPath(RouteMatch match, RequestState request) {
    boolean isConnect = request.header(":method").orElse("").equals("CONNECT");
    boolean ignoresCase = match.hasCaseSensitive() && !match.getCaseSensitive().getValue();
    String path = fold(request.path(), ignoresCase);
    String prefix = fold(match.getPathSeparatedPrefix(), ignoresCase);
    return switch (match.getPathSpecifierCase()) {
      case PATH -> path.equals(fold(match.getPath(), ignoresCase));
      case PREFIX -> path.startsWith(fold(match.getPrefix(), ignoresCase));
      case PATH_SEPARATED_PREFIX -> path.equals(prefix) || path.startsWith(prefix + "/");
      case SAFE_REGEX -> StringConditions.isWhole(match.getSafeRegex().getRegex(), request.path());
      case CONNECT_MATCHER -> isConnect;
      case PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> false;
    };
  }

  private static String path(RouteMatch match) {
    boolean ignoresCase = match.hasCaseSensitive() && !match.getCaseSensitive().getValue();
    return pathAsWritten(match) + (ignoresCase ? " in any case" : "");
  }

  private static String pathAsWritten(RouteMatch match) {
    return switch (match.getPathSpecifierCase()) {
      case PATH -> "be " + StringConditions.quoted(match.getPath());
      case PREFIX -> "begin with " + StringConditions.quoted(match.getPrefix());
      case PATH_SEPARATED_PREFIX ->
        "be " + StringConditions.quoted(match.getPathSeparatedPrefix()) + " or below it";
      case SAFE_REGEX -> "match " + StringConditions.quoted(match.getSafeRegex().getRegex());
      case CONNECT_MATCHER -> "come with CONNECT";
      case PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> "meet a condition of an extension";
    };
  }

  private static Optional<String> query(QueryParameterMatcher parameter, RequestState request) {
    Optional<String> value = Optional.ofNullable(request.query().get(parameter.getName()));
    boolean met = parameter.hasStringMatch()
        ? value
            .filter(text -> StringConditions.meets(parameter.getStringMatch(), text))
            .isPresent()
        : value.isPresent();
    if (met) {
      return Optional.empty();
    }
    if (SecretHeaders.contains(parameter.getName())) {
      return Optional.of("query parameter " + parameter.getName() + " differs");
    }
    return Optional.of("query parameter " + parameter.getName() + " "
        + value.map(text -> "is " + StringConditions.quoted(text)).orElse("is absent")
        + ", must "
        + (parameter.hasStringMatch()
            ? StringConditions.words(parameter.getStringMatch())
            : "be present"));
  }

  private static boolean isKnown(MetadataMatcher matcher) {
    return matcher.getPathCount() == 1
        && (matcher.getValue().hasStringMatch() || matcher.getValue().hasPresentMatch());
  }

  private static boolean meets(MetadataMatcher matcher, RequestState request) {
    Optional<String> value =
        request.metadata(matcher.getFilter(), matcher.getPath(0).getKey());
    ValueMatcher wanted = matcher.getValue();
    return wanted.hasPresentMatch()
        ? wanted.getPresentMatch() == value.isPresent()
        : value
            .filter(text -> StringConditions.meets(wanted.getStringMatch(), text))
            .isPresent();
  }

  private static String fold(String path, boolean ignoresCase) {
    return ignoresCase ? path.toLowerCase(Locale.ROOT) : path;
  }
}
