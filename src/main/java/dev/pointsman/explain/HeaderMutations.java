package dev.pointsman.explain;

import dev.pointsman.model.SecretHeaders;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes of request headers. */
final class HeaderMutations {
  private static final String OF_LOOPS = "x-pointsman-"; // no client's: a request cannot bring them
  private static final Pattern METADATA =
      Pattern.compile("%DYNAMIC_METADATA\\(([^:)]+):([^:)]+)\\)(?::(\\d+))?%");

  private HeaderMutations() {}

  static void apply(List<HeaderMutation> mutations, RequestState request) {
    for (HeaderMutation mutation : mutations) {
      switch (mutation.getActionCase()) {
        case REMOVE -> request.remove(mutation.getRemove());
        case APPEND -> set(mutation.getAppend(), request);
        case REMOVE_ON_MATCH ->
          request.removeIf(
              name -> StringConditions.meets(mutation.getRemoveOnMatch().getKeyMatcher(), name));
        case ACTION_NOT_SET -> {}
      }
    }
  }

  static void set(HeaderValueOption option, RequestState request) {
    Optional<String> value = value(option.getHeader().getValue(), request);
    if (value.isEmpty()) {
      return; // Envoy sets no header without a value
    }
    String name = option.getHeader().getKey();
    Optional<String> present = request.header(name);
    switch (option.getAppendAction()) {
      case OVERWRITE_IF_EXISTS_OR_ADD -> request.set(name, value.get());
      case APPEND_IF_EXISTS_OR_ADD ->
        request.set(name, present.map(old -> old + "," + value.get()).orElse(value.get()));
      case ADD_IF_ABSENT -> {
        if (present.isEmpty()) {
          request.set(name, value.get());
        }
      }
      case OVERWRITE_IF_EXISTS -> {
        if (present.isPresent()) {
          request.set(name, value.get());
        }
      }
      case UNRECOGNIZED -> {}
    }
  }

  /** The value of a format; empty if it has none, or one that only Envoy knows. */
  private static Optional<String> value(String format, RequestState request) {
    Matcher metadata = METADATA.matcher(format);
    if (metadata.matches()) {
      Optional<String> value = request.metadata(metadata.group(1), metadata.group(2));
      String length = metadata.group(3);
      return value
          .map(text -> length == null ? text : shortened(text, Integer.parseInt(length)))
          .filter(text -> !text.isEmpty());
    }
    return format.isEmpty() || format.contains("%") ? Optional.empty() : Optional.of(format);
  }

  /** The first bytes, without a part of a character. */
  private static String shortened(String text, int bytes) {
    byte[] all = text.getBytes(StandardCharsets.UTF_8);
    if (all.length <= bytes) {
      return text;
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.IGNORE)
        .onUnmappableCharacter(CodingErrorAction.IGNORE);
    CharBuffer chars = CharBuffer.allocate(bytes);
    decoder.decode(ByteBuffer.wrap(all, 0, bytes), chars, true);
    return chars.flip().toString();
  }

  /** The changes of a route in words, without the headers of loops, and without values that may be secrets. */
  static List<String> words(List<HeaderValueOption> set, List<String> removed) {
    List<String> words = new ArrayList<>();
    for (HeaderValueOption option : set) {
      if (!option.getHeader().getKey().equals(XdsNames.TOKEN_HEADER)) {
        String name = option.getHeader().getKey();
        words.add("sets " + name + (isOurs(name) ? ": " + option.getHeader().getValue() : ""));
      }
    }
    removed.stream()
        .filter(name -> !name.startsWith(OF_LOOPS))
        .forEach(name -> words.add("removes " + name));
    return words;
  }

  private static boolean isOurs(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith("x-gateway-") && SecretHeaders.isHarmless(name);
  }
}
