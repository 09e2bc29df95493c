package dev.pointsman.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.Rig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Many requests for one model, a few at a time, and who answered them. */
record Crowd(List<Answer> answers) {
  private static final int AT_A_TIME = 8;

  Crowd {
    answers = List.copyOf(answers);
  }

  /** Asks a model so often. */
  static Crowd ask(Rig rig, String model, int times) {
    try (ExecutorService clients = Executors.newFixedThreadPool(AT_A_TIME)) {
      List<Future<Answer>> asked = IntStream.range(0, times)
          .mapToObj(_ -> clients.submit(() -> Client.chat(rig, model)))
          .toList();
      List<Answer> answers = new ArrayList<>();
      for (Future<Answer> answer : asked) {
        answers.add(answer.get());
      }
      return new Crowd(answers);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The number of requests that pods of this name served, with any number behind the name. */
  long servedBy(String podPrefix) {
    return answers.stream()
        .filter(answer -> answer.status() == 200 && answer.servedBy().startsWith(podPrefix))
        .count();
  }

  /** The number of server errors. */
  long failed() {
    return answers.stream().filter(answer -> answer.status() >= 500).count();
  }

  /** Requires the share that the weight gives, within four standard deviations: there are many such tests. */
  void assertShare(String what, long measured, double share) {
    assertShare(what, measured, share, 4);
  }

  /** Requires the share that the weight gives, within so many standard deviations. */
  void assertShare(String what, long measured, double share, int within) {
    double expected = answers.size() * share;
    double deviations = within * Math.sqrt(answers.size() * share * (1 - share));
    System.out.printf(
        "%s: %d of %d, expected %.0f within %.0f%n",
        what, measured, answers.size(), expected, deviations);
    assertThat((double) measured).as(what).isBetween(expected - deviations, expected + deviations);
  }
}
