package routes.devservices;

import java.util.List;

/** The vocabulary of the seeded platform. */
final class SeedWords {

  static final List<String> BUSINESS_UNITS =
      List.of(
          "Retail Banking",
          "Card Payments",
          "Corporate Treasury",
          "Wealth & Advice",
          "Insurance",
          "Merchant Services",
          "Customer Support",
          "Developer Platform",
          "Nordics",
          "Asia-Pacific");
  static final List<String> LEGAL_BASES =
      List.of("contract", "legal obligation", "legitimate interest", "consent");
  static final List<String> RETENTIONS =
      List.of("30 days", "6 mons", "1 year", "7 years", "10 years");
  static final List<String> REVIEWERS =
      List.of("amara.okafor", "jonas.lindqvist", "mei.tanaka", "sofia.ribeiro", "dpo-office");

  // name | unit | higher is better | target | description
  private static final String KPIS =
      """
      Fraud loss prevented|EUR|t|184000|Value of transactions stopped that investigators confirmed
      Fraud loss incurred|EUR|f|21500|Value of confirmed fraud that passed the detector
      Alert precision|%|t|62|Share of alerts an analyst confirmed
      Mean time to triage|min|f|38|From alert to an analyst's first verdict
      Prompt injections blocked|count|t|940|Requests the prompt guard refused and review confirmed
      Benign prompts refused|count|f|55|Requests the prompt guard refused and review released
      Personal data leaks stopped|count|t|130|Answers redacted before they left the gateway
      Model downtime|min|f|6|Minutes in which a scored endpoint answered with errors
      Cost per million inferences|EUR|f|41.5|Compute and storage, without people
      GPU utilisation|%|t|71|Busy share of reserved accelerators
      Retraining lead time|h|f|30|From drift alarm to a promoted version
      Red-team findings open|count|f|12|Findings of medium severity or higher not yet closed
      Red-team findings closed|count|t|18|Findings closed with a regression test
      Data subject requests|count|t|75|Requests answered in full
      Data subject request age|days|f|9|Age of the oldest open request
      Backups verified|%|t|100|Share of snapshots whose drill found every row equal
      Restore time|min|f|22|Wall time of the newest full drill
      Audit evidence coverage|%|t|97|Controls with evidence younger than a quarter
      Malware samples triaged|count|t|5200|Samples with a final verdict
      Analyst hours saved|h|t|410|Hours the triage models took over, by time study
      """;

  // name | rule | sensitivity | categories
  private static final String COLUMNS =
      """
      row_id|key.surrogate|internal|
      email|email.rfc5321|confidential|contact,identifier
      phone_number|phone.e164|confidential|contact
      full_name|name.person|confidential|identifier
      iban|iban.mod97|restricted|financial,identifier
      card_token|card.token|restricted|financial
      national_id|id.national|restricted|identifier,government
      date_of_birth|date.birth|confidential|identifier
      ip_address|ip.v4v6|confidential|online,identifier
      device_fingerprint|hex.sha256|confidential|online
      postal_code|address.postal|internal|location
      street_address|address.street|confidential|location,contact
      gps_position|geo.wgs84|restricted|location
      prompt_text|text.free|confidential|content
      model_answer|text.free|confidential|content
      risk_score|number.score|internal|
      model_version|text.semver|public|
      created_at|time.event|internal|
      updated_at|time.event|internal|
      amount|number.money|confidential|financial
      currency|code.iso4217|public|
      country|code.iso3166|public|
      session_id|uuid.random|internal|online
      health_note|text.medical|restricted|special
      feature_vector|array.float|internal|
      label|enum.small|internal|
      analyst_comment|text.free|confidential|content
      consent_version|text.semver|internal|
      tenant_id|key.foreign|internal|
      checksum|hex.sha256|public|
      """;

  private static final List<Column> PARSED = COLUMNS.lines().map(SeedWords::parse).toList();

  private SeedWords() {}

  /** What a scan would say of one column. */
  record Column(String name, String rule, String sensitivity, List<String> categories) {}

  static List<String[]> kpis() {
    return KPIS.lines().map(line -> line.split("\\|")).toList();
  }

  /** The first columns of a table come in order, so that every table has its key. */
  static Column column(Draw draw, int position) {
    int at = position == 0 ? 0 : (position + draw.between(0, 2)) % PARSED.size();
    return PARSED.get(at);
  }

  static String location(Draw draw, String store, int number) {
    String subject =
        draw.one(List.of("payments", "sessions", "prompts", "alerts", "customers", "devices"));
    return switch (store) {
      case "postgresql" ->
          "%s_%04d.%s".formatted(draw.one(List.of("core", "risk", "support")), number, subject);
      case "s3" -> "s3://training-data/%s/%04d/part-*.csv".formatted(subject, number);
      default -> "%s:%04d:*".formatted(subject, number);
    };
  }

  private static Column parse(String line) {
    String[] fields = line.split("\\|", -1);
    List<String> categories = fields[3].isEmpty() ? List.of() : List.of(fields[3].split(","));
    return new Column(fields[0], fields[1], fields[2], categories);
  }
}
