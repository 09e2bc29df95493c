package dev.pointsman.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import org.junit.jupiter.api.Test;

/** The stages of a fallback on the page. */
class PageFallbackIT extends OpenedPage {
  PageFallbackIT() {
    super("policy-fallback");
  }

  @Test
  void aFallbackShowsItsStagesInTheListAndInAnAnswer() {
    var _ = envoyGateway.play(recording);
    rule("split").locator("summary").first().click();
    Locator stages = rule("split").locator(".stage");
    assertThat(stages).hasCount(2);
    String when = "after 503 or 429, a refused connection or a reset";
    assertThat(stages.first()).containsText("Then, " + when);
    assertThat(stages.first()).containsText("InferencePool default/reserve");
    page.getByText("Explain a request for split").click();
    assertThat(page.locator("#result")).containsText("then, " + when + ", to default/reserve");
    assertThat(page.locator("#explanation .stage")).hasCount(2);
    noViolations();
  }
}
