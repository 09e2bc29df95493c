package dev.pointsman.hook;

import dev.pointsman.extension.PostTranslateModifyRequest;
import java.util.List;

/**
 * A translation that can be made again from the same inputs. Its answer depends on the inputs alone: not on results of
 * earlier translations, and not on the order of Envoy Gateway's lists.
 */
public interface Repetition {
  /** The request that was translated. */
  PostTranslateModifyRequest request();

  /** The result of the translation. */
  TranslationResult result();

  /**
   * Makes the translation again, without earlier results, in the order of Envoy Gateway and in the opposite one.
   *
   * @return the resources that differ from the result, sorted; empty if all are the same
   */
  List<String> differences();
}
