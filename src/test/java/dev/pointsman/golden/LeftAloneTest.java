package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not ours leaves as it came. */
class LeftAloneTest {
  static Stream<GoldenCase> cases() {
    return GoldenCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsNotOursIsUntouched(GoldenCase golden) {
    Seen seen = golden.seen();
    Untouched.assertUntouched(seen.request(), seen.answer(golden.snapshot()).response());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSecondPassOverOurAnswerChangesNothing(GoldenCase golden) {
    Seen seen = golden.seen();
    PostTranslateModifyResponse once = seen.answer(golden.snapshot()).response();
    PostTranslateModifyRequest again = seen.again(once);
    TranslationResult twice = new Seen(again, List.of()).answer(golden.snapshot());
    Answers.assertSame("second pass", once, twice.response());
    Answers.assertSame(
        "second pass with the weights told once more",
        once,
        seen.with(again).answer(golden.snapshot()).response());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theNotesBetweenTheHooksDoNotReachEnvoy(GoldenCase golden) {
    assertThat(golden.translate().out()).doesNotContain("pointsman.dev");
  }

  /** Those in which nothing is looked up: no policy, no base model, no age, no weights that were not told. */
  static Stream<GoldenCase> selfContained() {
    return GoldenCase.all()
        .filter(golden ->
            !golden.name().matches("policy-.*|base-model-.*|tenants-.*|weights-from-the-route"));
  }

  @ParameterizedTest
  @MethodSource("selfContained")
  void whatWeAnswerDoesNotDependOnTheSnapshot(GoldenCase golden) {
    Seen seen = golden.seen();
    assertThat(seen.answer(golden.snapshot()).response())
        .isEqualTo(seen.answer(ClusterSnapshot.EMPTY).response());
  }
}
