package dev.pointsman.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.pointsman.rig.Browser;
import dev.pointsman.rig.RecordedCalls;
import dev.pointsman.rig.ServeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, over a real server with the objects of a recording. */
abstract class OpenedPage {
  private static final Path SCREENSHOTS = Path.of("target/page");
  private static Browser browser;

  /** The folder of the recording. */
  final Path recording;

  @TempDir
  Path folder;

  private ServeProcess server;
  RecordedCalls envoyGateway;
  Page page;

  OpenedPage(String recording) {
    this.recording = Path.of("testdata/translate", recording);
  }

  @BeforeAll
  static void startBrowser() throws IOException {
    Files.createDirectories(SCREENSHOTS);
    browser = Browser.start();
  }

  @AfterAll
  static void closeBrowser() {
    browser.close();
  }

  @BeforeEach
  void openPage() throws IOException {
    Files.copy(recording.resolve("resources/cluster.yaml"), folder.resolve("cluster.yaml"));
    server = ServeProcess.start(folder.resolve("serve.log"), folder);
    envoyGateway = new RecordedCalls(server.hooks());
    page = browser.page();
    var _ = page.navigate(address());
  }

  private String address() {
    return "http://127.0.0.1:" + server.admin() + "/";
  }

  @AfterEach
  void nothingWentWrong() {
    page.context().close();
    envoyGateway.close();
    server.close();
    assertThat(browser.errors()).as("errors of the console").isEmpty();
    assertThat(browser.requests())
        .as("requests")
        .isNotEmpty()
        .allSatisfy(url -> assertThat(url).startsWith(address()));
    browser.requests().clear();
  }

  Locator text(String text) {
    return page.getByText(text).first();
  }

  /** The row of a rule. */
  Locator rule(String model) {
    return page.locator("#models details.rule")
        .filter(new Locator.FilterOptions()
            .setHas(page.locator("summary .model").getByText(model, exactly())));
  }

  private static Locator.GetByTextOptions exactly() {
    return new Locator.GetByTextOptions().setExact(true);
  }

  void noViolations() {
    assertThat(new AxeBuilder(page).analyze().getViolations())
        .extracting(Rule::getId, Rule::getImpact, Rule::getNodes)
        .isEmpty();
  }

  void screenshot(String name) {
    byte[] _ = page.screenshot(
        new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")).setFullPage(true));
  }
}
