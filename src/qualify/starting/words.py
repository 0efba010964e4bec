"""What columns are called, and what cells say where they say nothing: the words that a guess rests on, as data.

Words stand here as `spoken` gives them: lower case, without accents and punctuation, blanks between.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from unicodedata import combining, normalize

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"[^a-z0-9]+")


def spoken(header: str) -> str:
    """A column's name as its words, however it is written.

    >>> spoken("No. of Employees"), spoken("leadSource"), spoken("Größe (MA)")
    ('no of employees', 'lead source', 'groesse ma')
    """
    text = normalize("NFC", header).translate(_GERMAN)
    plain = "".join(char for char in normalize("NFKD", text) if not combining(char))
    return _NO_WORD.sub(" ", _CAMEL.sub(" ", plain).lower()).strip()


def _table(said: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: tuple(word.strip() for word in words.split(",")) for name, words in said.items()})


SYNONYMS: Mapping[str, tuple[str, ...]] = _table({
    "email": "email, e mail, email address, e mail address, mail, work email, business email, contact email, "
    "lead email, e mail adresse, mailadresse, courriel, adresse e mail, correo electronico, correo",
    "email_domain": "email domain, e mail domain, domain of email",
    "first_name": "first name, firstname, given name, forename, fname, vorname, prenom, nombre",
    "last_name": "last name, lastname, surname, family name, lname, nachname, familienname, nom de famille, apellido, "
    "apellidos",
    "job_title": "job title, jobtitle, title, position, role, job role, job position, designation, berufsbezeichnung, "
    "stellenbezeichnung, funktion, fonction, poste, intitule du poste, cargo, puesto",
    "seniority": "seniority, seniority level, job level, management level, karrierestufe, hierarchieebene, niveau",
    "department": "department, dept, job function, business function, abteilung, bereich, departement, "
    "departamento",
    "phone": "phone, phone number, telephone, telephone number, tel, work phone, business phone, mobile, mobile phone, "
    "mobile number, cell, cell phone, telefon, telefonnummer, rufnummer, mobil, handy, telefono",
    "company": "company, company name, account, account name, organization, organisation, organization name, "
    "organisation name, employer, firm, business name, firma, firmenname, unternehmen, societe, entreprise, empresa",
    "domain": "domain, company domain, company domain name, website, website url, company website, web site, homepage, "
    "url, web, webseite, internetseite, site web, sitio web, pagina web",
    "industry": "industry, sector, vertical, industry sector, company industry, business type, branche, industrie, "
    "wirtschaftszweig, secteur, secteur d activite, industria",
    "country": "country, country region, country code, country name, country of residence, mailing country, "
    "billing country, company country, land, staat, pays, pais",
    "region": "region, state, state region, state province, province, mailing state, billing state, bundesland, kanton, "
    "county, provincia, estado",
    "city": "city, town, mailing city, billing city, stadt, ort, wohnort, ville, ciudad",
    "source": "source, lead source, original source, traffic source, first source, utm source, acquisition source, "
    "channel, quelle, leadquelle, lead quelle, herkunft, canal, origine, fuente, origen",
    "campaign": "campaign, campaign name, utm campaign, acquisition campaign, lead campaign, marketing campaign, "
    "kampagne, campagne, campana",
    "lifecycle_stage": "lifecycle stage, lifecyclestage, life cycle stage, lead stage, lifecycle, lebenszyklusphase, etapa",
    "lead_status": "lead status, hs lead status, status, contact status, statut, estado del lead",
    "owner": "owner, lead owner, contact owner, account owner, record owner, sales rep, sales representative, "
    "account manager, assigned to, assigned user, besitzer, betreuer, zustaendig, kundenbetreuer, proprietaire, "
    "propietario",
    "employees": "employees, number of employees, numberofemployees, no of employees, num employees, employee count, "
    "employees count, of employees, company size, headcount, company headcount, size of company, staff, anzahl mitarbeiter, "
    "mitarbeiter, mitarbeiterzahl, mitarbeiteranzahl, ma anzahl, unternehmensgroesse, nombre d employes, effectif, "
    "effectifs, numero de empleados, empleados",
    "annual_revenue": "annual revenue, annualrevenue, revenue, yearly revenue, company revenue, turnover, annual turnover, "
    "jahresumsatz, umsatz, chiffre d affaires, ca annuel, facturacion, ingresos anuales",
    "page_views": "page views, pageviews, number of page views, number of pageviews, total page views, seitenaufrufe",
    "emails_opened": "emails opened, email opens, marketing emails opened, number of emails opened",
    "emails_clicked": "emails clicked, email clicks, marketing emails clicked, number of emails clicked",
    "forms_submitted": "forms submitted, form submissions, number of form submissions, number of forms submitted",
    "opted_out": "opted out, opt out, email opt out, opted out of email, do not email, do not mail, do not contact, "
    "unsubscribed, unsubscribed from all email, has opted out of email, email opted out, hs email optout, dne, "
    "no email, no mailing, keine e mail, keine e mails, keine werbung, abgemeldet, werbesperre, ne pas contacter, "
    "desinscrit, no contactar",
    "bounced": "bounced, email bounced, hard bounced, hard bounce, is bounced, bounce, invalid email, email invalid",
    "consented": "consented, consent, opt in, opted in, email opt in, marketing consent, gdpr consent, "
    "newsletter opt in, email consent, einwilligung, werbeeinwilligung, consentement, consentimiento",
    "customer": "customer, is customer, existing customer, current customer, is a customer, kunde, bestandskunde, "
    "client, client existant, cliente",
    "budget_confirmed": "budget confirmed, has budget, budget approved, budget bestaetigt, budget",
    "authority_confirmed": "authority confirmed, has authority, authority, is decision maker, decision maker, "
    "entscheider",
    "need_confirmed": "need confirmed, has need, need, bedarf bestaetigt, bedarf",
    "timeline_confirmed": "timeline confirmed, timeline, timeframe confirmed",
    "created_at": "created at, created, created date, create date, createdate, creation date, date created, created on, "
    "date of creation, created time, lead created, lead created date, signup date, sign up date, submitted at, "
    "submission date, erstellt, erstellt am, erstellungsdatum, anlagedatum, angelegt am, date de creation, cree le, "
    "fecha de creacion",
    "last_activity_at": "last activity at, last activity date, last activity, last activity time, last activity on, "
    "date of last activity, last contacted, last contacted date, last engagement date, last seen, last seen at, "
    "letzte aktivitaet, letzter kontakt, derniere activite, ultima actividad",
    "technologies": "technologies, technology, tech stack, technology stack, technologies used, web technologies, "
    "technologien",
    "interests": "interests, interest, interested in, topics of interest, product interest, products of interest, "
    "interessen, interesse, centres d interet, intereses",
})  # fmt: skip
"""Standard field to what sources call it; of two columns the one whose name stands first is the field."""

IDS: tuple[str, ...] = (
    "id", "lead id", "leadid", "record id", "prospect id", "contact id", "person id", "vid", "hs object id",
    "record id contact", "external id", "lead number", "lead no", "contact number", "customer id", "user id",
    "uuid", "guid", "kontakt id", "datensatz id", "leadnummer", "lead nr", "kontaktnummer", "kundennummer",
    "identifiant", "identificador",
)  # fmt: skip
"""What the column is called that tells leads apart; the first of these that is unique is the id."""

IDENTIFIER_ENDS = frozenset(
    "id ids uuid guid number no nr nummer num code codes key zip plz postcode postleitzahl cp phone fax tel".split()
)
"""Last words of columns whose digits are no number: nobody adds them up."""

OUTCOMES = re.compile(
    r"(?:is |was |has |lead )?(?:converted|conversion)(?: (?:date|at|on|to .*|account.*|contact.*|opportunity.*))?"
    r"|closed? ?(?:won|lost|date|at|on)(?: .*)?|(?:is |date )?(?:won|lost|closed)(?: (?:date|at|on|reason.*|deal))?"
    r"|(?:deal|opportunity|opp|offer)s? (?:stage|status|amount|value|name|id|date|state|owner|type)"
    r"|outcome|result|became (?:a )?customer(?: .*)?"
    r"|.*\b(?:loss|lost|rejection|rejected|discard|discarded|disqualified|disqualification|unqualified|recycled"
    r"|nurturing|churn)\b.*\breasons?|reasons? (?:for )?(?:loss|lost|rejection|rejected|disqualified).*"
    r"|.*\b(?:first|recent) deal\b.*|(?:first )?(?:purchase|order|contract|sale|won) (?:date|amount|value)"
    r"|konvertiert|gewonnen|verloren|abschluss(?:datum)?|verlustgrund|ablehnungsgrund|absagegrund"
    r"|gagne|perdu|converti|raison de perte|ganado|perdido|convertido"
)
"""Columns that are known only when all is over: a rule that reads one predicts what it already knows."""

MAYBE_LATE = frozenset({"lead_status", "lifecycle_stage"})
"""Standard fields that sales writes too, so that they may say what became of a lead."""

PLACEHOLDERS: tuple[str, ...] = (
    "select", "-- select --", "- select -", "--select--", "select...", "please select", "please choose", "choose",
    "choose one", "n/a", "#n/a", "n.a.", "#na", "#null!", "#value!", "#ref!", "--", "---", "-", "–", "—", "?", "??", ".",
    "null", "<null>", "(null)", "\\n", "undefined", "unknown", "(unknown)", "[unknown]", "not available", "not provided",
    "not specified", "not set", "(not set)", "not given", "not known", "no data", "no value", "blank", "(blank)", "empty",
    "(empty)", "-none-", "--none--", "- none -", "(none)", "<none>", "tbd", "tba", "missing", "not applicable",
    "bitte wählen", "bitte auswählen", "unbekannt", "keine angabe", "k.a.", "k. a.", "nicht angegeben", "nicht bekannt",
    "inconnu", "non renseigné", "non spécifié", "sélectionner", "desconocido", "no especificado", "seleccionar",
    "sin especificar", "onbekend", "sconosciuto", "0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "00.00.0000",
)  # fmt: skip
"""What a cell says where it says nothing, whatever the column."""

MAYBE_PLACEHOLDERS: tuple[str, ...] = ("none", "na", "nan", "nil", "nill", "keine", "aucun", "ninguno")
"""The same, but in some columns a word: a country (NA), a first name (Nan). Said for the column alone."""

NOT_THERE = frozenset({"country", "region", "city", "first_name", "last_name", "company", "email", "id"})
"""Standard fields in which the words above are words."""

YES_NO: tuple[tuple[str, str], ...] = (
    ("yes", "no"), ("true", "false"), ("1", "0"), ("y", "n"), ("t", "f"), ("ja", "nein"), ("j", "n"), ("wahr", "falsch"),
    ("oui", "non"), ("vrai", "faux"), ("sí", "no"), ("si", "no"), ("verdadero", "falso"), ("sim", "não"), ("ja", "nee"),
    ("on", "off"), ("x", ""), ("✓", ""), ("checked", "unchecked"),
)  # fmt: skip
"""Words for yes and no. The first three are read as they are; the others need labels."""

DATE_WORDS = frozenset(
    "date datum time at on zeit timestamp day tag am created updated modified ends ended starts started begins until since "
    "birthday fecha".split()
)
"""Words in names of columns whose digits may be a date."""

NUMBER_WORDS = frozenset(
    "number count total score amount visits views num anzahl summe points minutes seconds hours days sum quantity qty "
    "size revenue price".split()
)
"""Words in names of columns in which 0 and 1 are numbers rather than no and yes."""

PRIVATE_WORDS = frozenset(
    "name names vorname nachname surname forename firstname lastname nom prenom nombre apellido email mail emails e "
    "phone mobile telephone tel telefon fax cell handy owner manager contact kontakt ansprechpartner person rep agent "
    "assigned address adresse street strasse rue calle zip postcode plz birth birthday geburtsdatum geburtstag ip url "
    "linkedin twitter facebook instagram xing github website web note notes notiz notizen comment comments kommentar "
    "remarks description beschreibung message nachricht bio about id uuid guid password iban gender geschlecht sex "
    "religion ethnicity race nationality health age alter salary gehalt company firma account user username by "
    "assistant spouse wife husband child children passport ssn tax vat".split()
)
"""A column with one of these words in its name may hold what is personal: its values are written nowhere."""

MAY_HAVE_CHOICES = frozenset(
    {"seniority", "department", "industry", "region", "source", "lifecycle_stage", "lead_status"}
)
"""Standard fields whose commonest values are words of the source and say nothing of a person."""
