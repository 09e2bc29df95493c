package dev.pointsman.server;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.diff.GatewayState;
import dev.pointsman.diff.StateChanges;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The last translations, the newest first. It keeps references to answers, up to a limit; their changes are found out
 * when somebody asks for them.
 */
final class TranslationHistory {
  private static final int MOST = 20;
  private static final int MOST_CHANGES = 50;
  private static final long MOST_BYTES = 4L << 20;

  private final Deque<KeptTranslation> entries = new ArrayDeque<>();
  private long number;

  /** A translation, with its answer and the one before it until they are compared. */
  private static final class KeptTranslation {
    private final PastTranslation facts;
    private final List<Diagnostic> diagnostics;
    private @Nullable PostTranslateModifyResponse before;
    private @Nullable PostTranslateModifyResponse after;
    private Optional<List<String>> changes = Optional.empty();

    KeptTranslation(
        PastTranslation facts,
        @Nullable PostTranslateModifyResponse before,
        TranslationResult result) {
      this.facts = facts;
      this.diagnostics = result.diagnostics();
      this.before = before;
      this.after = result.response();
    }

    /** The older answer: the newer one is kept anyhow, as the last of its Gateway or the older one of the next entry. */
    long bytes() {
      return before == null ? 0 : before.getSerializedSize();
    }

    void forget() {
      before = null;
      after = null;
    }

    PastTranslation compared() throws InvalidProtocolBufferException {
      if (before != null && after != null) {
        changes =
            Optional.of(StateChanges.between(state(before), state(after)).lines(MOST_CHANGES));
        forget();
      }
      return facts.with(diagnostics, changes);
    }

    private static GatewayState state(PostTranslateModifyResponse answer) {
      return new GatewayState(
          Set.of(), answer, List.of()); // they have diagnostics and Gateways beside them
    }
  }

  /**
   * A translation for the page.
   *
   * @param number from 1 since the server's start
   * @param first whether the Gateways have no earlier one
   * @param changes since the one before; empty if the answers were too large to be kept
   */
  record PastTranslation(
      long number,
      Instant at,
      double tookMs,
      List<String> gateways,
      int bytes,
      boolean first,
      List<String> diagnostics,
      Optional<List<String>> changes) {
    PastTranslation with(List<Diagnostic> found, Optional<List<String>> differences) {
      List<String> lines = found.stream().map(Diagnostic::toString).toList();
      return new PastTranslation(number, at, tookMs, gateways, bytes, first, lines, differences);
    }
  }

  /**
   * Adds a translation.
   *
   * @param before the last ones of its Gateways
   */
  synchronized void add(
      TranslationResult result, List<TranslationResult> before, Instant at, Duration took) {
    PastTranslation facts = new PastTranslation(
        ++number,
        at,
        Math.round(took.toNanos() / 1e4) / 100.0,
        result.gateways().stream().map(ObjectRef::toString).sorted().toList(),
        result.response().getSerializedSize(),
        before.isEmpty(),
        List.of(),
        Optional.empty());
    entries.addFirst(new KeptTranslation(facts, together(before), result));
    if (entries.size() > MOST) {
      entries.removeLast();
    }
    long bytes = 0;
    for (KeptTranslation entry : entries) {
      bytes += entry.bytes();
      if (bytes > MOST_BYTES) {
        entry.forget();
      }
    }
  }

  /** The answers as one; null without any. Gateways that are merged now had one each. */
  private static @Nullable PostTranslateModifyResponse together(List<TranslationResult> results) {
    return results.stream()
        .map(TranslationResult::response)
        .reduce((one, other) -> one.toBuilder().mergeFrom(other).build())
        .orElse(null);
  }

  /** The translations with their changes, the newest first. */
  synchronized List<PastTranslation> all() throws InvalidProtocolBufferException {
    List<PastTranslation> all = new ArrayList<>();
    for (KeptTranslation entry : entries) {
      all.add(entry.compared());
    }
    return all;
  }
}
