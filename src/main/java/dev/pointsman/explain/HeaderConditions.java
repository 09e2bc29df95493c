package dev.pointsman.explain;

import com.google.common.primitives.Longs;
import dev.pointsman.model.SecretHeaders;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Optional;

/** Envoy's conditions on headers. */
final class HeaderConditions {
  private HeaderConditions() {}

  /** Whether the request meets the condition. An absent header fails an inverted condition, too. */
  static boolean meets(HeaderMatcher header, RequestState request) {
    Optional<String> value = request.header(header.getName());
    boolean asEmpty = header.getTreatMissingHeaderAsEmpty();
    boolean met;
    if (header.hasPresentMatch()) {
      met = header.getPresentMatch() == (value.isPresent() || asEmpty);
    } else if (header.getHeaderMatchSpecifierCase()
        == HeaderMatcher.HeaderMatchSpecifierCase.HEADERMATCHSPECIFIER_NOT_SET) {
      met = value.isPresent();
    } else if (value.isEmpty() && !asEmpty) {
      return false;
    } else {
      met = meets(header, value.orElse(""));
    }
    return met != header.getInvertMatch();
  }

  private static boolean meets(HeaderMatcher header, String value) {
    if (header.hasRangeMatch()) {
      Long number = Longs.tryParse(value);
      return number != null
          && number >= header.getRangeMatch().getStart()
          && number < header.getRangeMatch().getEnd();
    }
    return StringConditions.meets(string(header), value);
  }

  /** The condition and the request's value in words; the tokens of loops are not named. */
  static String words(HeaderMatcher header, RequestState request) {
    if (header.getName().equals(XdsNames.TOKEN_HEADER)) {
      return "must come out of another route's loop";
    }
    if (SecretHeaders.contains(header.getName())) {
      return "header " + header.getName() + " differs";
    }
    String is = request
        .header(header.getName())
        .map(value -> "is " + StringConditions.quoted(value))
        .orElse("is absent");
    return "header " + header.getName() + " " + is + ", must "
        + (header.getInvertMatch() ? "not " : "") + condition(header);
  }

  /** The condition in words, without secret values. */
  static String words(HeaderMatcher header) {
    String name = header.getName();
    boolean isTold = !name.equals(XdsNames.TOKEN_HEADER) && !SecretHeaders.contains(name);
    return "header " + name
        + (isTold
            ? " must " + (header.getInvertMatch() ? "not " : "") + condition(header)
            : " has a condition");
  }

  private static String condition(HeaderMatcher header) {
    if (header.hasRangeMatch()) {
      return "be from " + header.getRangeMatch().getStart() + " to below "
          + header.getRangeMatch().getEnd();
    }
    if (header.hasPresentMatch()) {
      return header.getPresentMatch() ? "be present" : "be absent";
    }
    return header.getHeaderMatchSpecifierCase()
            == HeaderMatcher.HeaderMatchSpecifierCase.HEADERMATCHSPECIFIER_NOT_SET
        ? "be present"
        : StringConditions.words(string(header));
  }

  /** The deprecated forms as a matcher of strings. */
  @SuppressWarnings("deprecation") // Envoy still takes them
  private static StringMatcher string(HeaderMatcher header) {
    return switch (header.getHeaderMatchSpecifierCase()) {
      case EXACT_MATCH ->
        StringMatcher.newBuilder().setExact(header.getExactMatch()).build();
      case SAFE_REGEX_MATCH ->
        StringMatcher.newBuilder().setSafeRegex(header.getSafeRegexMatch()).build();
      case PREFIX_MATCH ->
        StringMatcher.newBuilder().setPrefix(header.getPrefixMatch()).build();
      case SUFFIX_MATCH ->
        StringMatcher.newBuilder().setSuffix(header.getSuffixMatch()).build();
      case CONTAINS_MATCH ->
        StringMatcher.newBuilder().setContains(header.getContainsMatch()).build();
      default -> header.getStringMatch();
    };
  }
}
