package dev.pointsman.explain;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.ExplainableGateway.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way of a request through the configuration that a proxy uses, compared with the way through the last translation.
 *
 * @param proxy the namespace and name of its pod
 * @param lacks the parts of the translation's way that the proxy does not use, as lines of text
 * @param uses the parts that the proxy uses in their place
 * @param notes resources that wait, rejected updates, or the reason why the proxy is not known
 */
public record ProxyConfiguration(
    String proxy, State state, List<String> lacks, List<String> uses, List<String> notes) {
  /** The end of a line about an object whose endpoints only the proxy has, such as a Service. */
  private static final String NOT_KNOWN = "not known";

  /** The results of the comparison. */
  public enum State {
    SAME,
    DIFFERENT,
    UNKNOWN
  }

  public ProxyConfiguration {
    lacks = List.copyOf(lacks);
    uses = List.copyOf(uses);
    notes = List.copyOf(notes);
  }

  /** A proxy that could not be asked. */
  public static ProxyConfiguration unknown(String proxy, String reason) {
    return new ProxyConfiguration(proxy, State.UNKNOWN, List.of(), List.of(), List.of(reason));
  }

  /**
   * Compares the translation's way with the proxy's.
   *
   * @param rejected the updates that the proxy has rejected, in words
   * @throws InvalidProtocolBufferException if a filter cannot be read
   */
  public static ProxyConfiguration of(
      String proxy, Explanation translation, ConfigDump dump, List<String> rejected)
      throws InvalidProtocolBufferException {
    List<String> notes = new ArrayList<>(dump.waiting());
    notes.addAll(rejected);
    List<String> wanted = TextRendering.way(translation);
    List<String> used;
    try {
      used = TextRendering.way(explain(dump, translation.request().on(translation.listener())));
    } catch (UnclearRequest unclear) {
      used = List.of(String.valueOf(unclear.getMessage()));
    }
    List<String> lacks = missing(wanted, used);
    List<String> instead = missing(used, wanted);
    State state = lacks.isEmpty() && instead.isEmpty() ? State.SAME : State.DIFFERENT;
    return new ProxyConfiguration(proxy, state, lacks, instead, notes);
  }

  /**
   * Explains a request by a dump alone.
   *
   * @throws UnclearRequest if no listener or several listeners may be meant
   * @throws InvalidProtocolBufferException if a filter cannot be read
   */
  public static Explanation explain(ConfigDump dump, AskedRequest request)
      throws UnclearRequest, InvalidProtocolBufferException {
    ExplainableGateway gateway =
        new ExplainableGateway(Set.of(), dump.xds(), List.of(), Optional.empty());
    return new Question("", request).answer(List.of(gateway), dump.endpointsNow());
  }

  private static List<String> missing(List<String> lines, List<String> others) {
    return lines.stream()
        .filter(line -> others.stream().noneMatch(other -> isSame(line, other)))
        .toList();
  }

  private static boolean isSame(String line, String other) {
    return line.equals(other) || isKnownTo(line, other) || isKnownTo(other, line);
  }

  private static boolean isKnownTo(String line, String unknown) {
    return unknown.endsWith(NOT_KNOWN)
        && line.startsWith(unknown.substring(0, unknown.length() - NOT_KNOWN.length()));
  }
}
