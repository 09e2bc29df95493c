package dev.pointsman.differential;

import dev.pointsman.differential.Ask.Ending;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Sends the asks of one situation to one side, one after the other. */
record Play(Situation situation, Site site, Side side) {
  /** The id of an ask's copy, as pods, pickers and logs know it. */
  static String id(Situation situation, Ask ask, int copy) {
    return "s" + situation.seed() + "-" + ask.number() + "-" + copy;
  }

  /** Sends all; {@code answered} gets each answer by its id. */
  void all(BiConsumer<String, Answer> answered) throws InterruptedException {
    for (Ask ask : situation.asks()) {
      Map<String, String> session = new TreeMap<>();
      for (int copy = 0; copy < ask.copies(); copy++) {
        String id = id(situation, ask, copy);
        Map<String, String> headers = Head.of(ask, side, id);
        headers.putAll(session);
        Answer answer = send(ask, headers);
        answered.accept(id, answer);
        if (ask.ending() == Ending.RETURNS) {
          session.putAll(session(answer));
        }
      }
    }
  }

  private Answer send(Ask ask, Map<String, String> headers) throws InterruptedException {
    return ask.http2()
        ? Http2Client.send(site.listener(ask.gateway()), situation.host(), ask, headers)
        : Http1Client.send(site.listener(ask.gateway()), situation.host(), ask, headers);
  }

  /** The headers that bring back the session of an answer; none where it gives none. */
  static Map<String, String> session(Answer answer) {
    String cookie = answer.header("set-cookie");
    if (cookie.startsWith(Filters.Persistence.NAME)) {
      return Map.of("cookie", cookie.split(";", 2)[0]);
    }
    String header = answer.header(Filters.Persistence.NAME);
    return header.isEmpty() ? Map.of() : Map.of(Filters.Persistence.NAME, header);
  }

  /** Whether the first answer gave a session, and whether the others came from its pod. */
  static String session(List<Answer> answers) {
    Set<String> pods = new HashSet<>();
    answers.forEach(answer -> pods.add(answer.header("x-served-by")));
    boolean given = !session(answers.getFirst()).isEmpty();
    return (given ? "given" : "not given")
        + (given ? pods.size() == 1 ? ", sticks" : ", jumps" : "");
  }
}
