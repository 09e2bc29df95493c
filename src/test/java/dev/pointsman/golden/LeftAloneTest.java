package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.TranslationResult;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Resources that are not ours keep their bytes. */
class LeftAloneTest {
  static Stream<GoldenCase> cases() {
    return GoldenCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void foreignResourcesAreUntouched(GoldenCase golden) {
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
    SameAnswers.assertSame("second pass", once, twice.response());
    SameAnswers.assertSame(
        "second pass with the weights told once more",
        once,
        seen.with(again).answer(golden.snapshot()).response());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theNotesBetweenTheHooksDoNotReachEnvoy(GoldenCase golden) {
    assertThat(golden.translate().out()).doesNotContain("pointsman.dev");
  }

  /** Models, ConfigMaps of adapters, Services and certificates of somebody else. */
  @ParameterizedTest
  @MethodSource("cases")
  void objectsOfAnotherNamespaceMakeNoDifference(GoldenCase golden) {
    Seen seen = golden.seen();
    assertThat(seen.answer(SecondTenant.harmless().joining(golden.snapshot())))
        .isEqualTo(seen.answer(golden.snapshot()));
  }
}
