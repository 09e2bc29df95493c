package dev.pointsman.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UInt32Value;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page, with weights, a mirror and pods, used as its readers use it. */
class PageIT extends OpenedPage {
  PageIT() {
    super("policy-mirrors-several-and-service");
  }

  @Test
  void beforeTheFirstCallItSaysWhatToDo() {
    assertThat(text("Envoy Gateway has not called this replica yet")).isVisible();
    assertThat(text("rollout restart deployment/envoy-gateway")).isVisible();
    noViolations();
    var _ = envoyGateway.play(recording);
    assertThat(text("Envoy Gateway has not called this replica yet")).isHidden();
    assertThat(rule("qwen")).isVisible();
  }

  @Test
  void theKeyboardAloneFindsWhyAModelGets404() {
    var _ = envoyGateway.play(recording);
    assertThat(rule("qwen")).isVisible();
    page.keyboard().press("Tab"); // the first stop leads past the navigation
    assertThat(page.getByText("Skip to the models")).isFocused();
    page.keyboard().press("Enter");
    page.keyboard().press("Tab");
    assertThat(page.getByLabel("Search by model")).isFocused();
    page.keyboard().type("qwen-turbo");
    assertThat(text("No rule names the model “qwen-turbo”.")).isVisible();
    page.keyboard().press("Enter");
    Locator result = page.locator("#result");
    assertThat(result).isFocused();
    assertThat(result)
        .containsText(
            "404 model_not_found for model qwen-turbo: no rule of the host takes this model");
    assertThat(page.locator("#explanation"))
        .containsText("header X-Gateway-Model-Name is 'qwen-turbo', must be 'qwen'");
    noViolations();
    screenshot("explained");
    var _ = envoyGateway.play(recording, request -> withWeights(request, 4, 1));
    assertThat(page.locator("#explanation"))
        .containsText("Something has changed since this answer.");
  }

  @Test
  void aClickShowsWhereTenPercentGo() {
    var _ = envoyGateway.play(recording);
    assertThat(rule("qwen")).containsText("90 % default/qwen · 10 % default/deepseek");
    rule("qwen").locator("summary").first().click();
    Locator share = page.locator("#models .shares > li").nth(1);
    assertThat(share).containsText("10 %");
    assertThat(share).containsText("InferencePool default/deepseek");
    assertThat(share).containsText("service/default/deepseek-epp/9002");
    share.locator("details.pods > summary").click();
    assertThat(share.getByRole(AriaRole.ROWHEADER)).hasText("deepseek-0");
    assertThat(share).containsText("10.0.0.2");
    assertThat(rule("qwen")).containsText("50 % copied to InferencePool default/shadow");
    noViolations();
  }

  @Test
  void aChangedWeightAppearsByItself() {
    var _ = envoyGateway.play(recording);
    rule("qwen").locator("summary").first().click();
    var _ = envoyGateway.play(recording, request -> withWeights(request, 4, 1));
    assertThat(rule("qwen")).containsText("80 % default/qwen · 20 % default/deepseek");
    assertThat(rule("qwen")).hasAttribute("open", "");
    String change = "changed its shares from 90 % default/qwen, 10 % default/deepseek"
        + " to 80 % default/qwen, 20 % default/deepseek";
    assertThat(page.locator("[aria-live]").last()).containsText(change);
    page.locator("#translations details > summary").first().click();
    assertThat(page.locator("#translations")).containsText(change);
  }

  /** The recorded request with other weights of the rule's localities. */
  private static PostEndpointsModifyRequest withWeights(
      PostEndpointsModifyRequest request, int... weights) {
    try {
      ClusterLoadAssignment.Builder assignment =
          ClusterLoadAssignment.parseFrom(request.getLoadAssignment()).toBuilder();
      for (int i = 0; i < Math.min(weights.length, assignment.getEndpointsCount()); i++) {
        assignment.getEndpointsBuilder(i).setLoadBalancingWeight(UInt32Value.of(weights[i]));
      }
      ByteString bytes = assignment.build().toByteString();
      return request.toBuilder().setLoadAssignment(bytes).build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aPodThatIsNotReadyAppearsByItself() throws IOException {
    var _ = envoyGateway.play(recording);
    assertThat(rule("qwen")).containsText("ready");
    Path objects = folder.resolve("cluster.yaml");
    String before = Files.readString(objects);
    int pod = before.indexOf("name: deepseek-0");
    Files.writeString(
        objects,
        before.substring(0, pod) + before.substring(pod).replaceFirst("\"True\"", "\"False\""));
    assertThat(rule("qwen")).containsText("requests fail");
    assertThat(page.locator("#problems")).containsText("NoReadyPods");
    assertThat(page.locator("nav .count")).hasText("1");
    rule("qwen").locator("summary").first().click();
    noViolations();
  }

  @Test
  void theXdsOfAnObjectOpensAndEscapeLeadsBack() {
    var _ = envoyGateway.play(recording);
    rule("qwen").locator("summary").first().click();
    Locator button = page.getByLabel("xDS of route httproute/default/llm/rule/0/match/0/*");
    button.focus();
    page.keyboard().press("Enter");
    Locator dialog = page.getByRole(AriaRole.DIALOG);
    assertThat(dialog).containsText("\"weightedClusters\"");
    noViolations();
    page.keyboard().press("Escape");
    assertThat(dialog).isHidden();
    assertThat(button).isFocused();
    page.getByText("List all resources").click();
    page.getByLabel("Filter by name").fill("picker/default/qwen");
    page.getByText("Cluster pointsman/picker/default/qwen-epp/9002").click();
    assertThat(dialog).containsText("\"healthChecks\"");
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void bothSchemesAreReadableWideAndNarrow(ColorScheme scheme) {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    var _ = envoyGateway.play(recording);
    rule("qwen").locator("summary").first().click();
    page.locator("details.pods > summary").first().click();
    assertThat(page.locator("body"))
        .hasCSS(
            "background-color",
            scheme == ColorScheme.DARK ? "rgb(18, 23, 28)" : "rgb(244, 246, 248)");
    noViolations();
    screenshot(scheme.name().toLowerCase(Locale.ROOT));
    page.setViewportSize(360, 800);
    noViolations();
    assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .as("nothing is wider than a phone")
        .isTrue();
    screenshot(scheme.name().toLowerCase(Locale.ROOT) + "-narrow");
  }
}
